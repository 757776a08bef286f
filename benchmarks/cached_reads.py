"""What the fenced cache costs and saves a warm environment: a hit, a miss, a write, and each without Redis."""

import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from roster.infrastructure.cache import Cache
from roster.infrastructure.scripts import Command

from benchmarks import table
from tests.contracts.house import round_trips_from_now_on, statements_from_now_on
from tests.faults.scenarios.cached_house import CachedHouse, cached_house
from tests.security import doors
from tests.servers import Servers

ROUNDS, REQUESTS = 7, 150
_WARM_UP = 20
_LEASE_SECONDS = "4"

Request = Callable[[CachedHouse, int], object]


def _nothing(_: CachedHouse) -> None:
    """Find everything as it was left."""


class Way(NamedTuple):
    """A request, what happens before it unmeasured, and whether Redis is there, asked by redis-py's own pipeline."""

    name: str
    request: Request
    before: Callable[[CachedHouse], object] = _nothing
    has_redis: bool = True
    by_pipeline: bool = False


class Sample(NamedTuple):
    """Microseconds, and how often Redis and PostgreSQL were waited for."""

    cpu: float
    wall: float
    round_trips: int
    statements: int


def main() -> None:
    samples: dict[str, list[Sample]] = {way.name: [] for way in WAYS}
    with contextlib.closing(Servers()) as servers:
        for turn in range(ROUNDS):
            for way in WAYS:
                print(f"\rround {turn + 1} of {ROUNDS}: {way.name:50}", end="", file=sys.stderr, flush=True)
                samples[way.name] += _measured(servers, way)
    print(file=sys.stderr)
    _show(samples)


def _read(house: CachedHouse, _: int) -> None:
    house.read(house.ada)


def _write(house: CachedHouse, number: int) -> None:
    house.rename(house.ada, f"Ada {number}")


def _forget_row(house: CachedHouse) -> None:
    keys = list(house.look_into.scan_iter("{user:1}:row:*"))
    if keys:
        house.look_into.delete(*keys)


HIT = "GET /api/users/me, a hit"
WAYS = [
    Way(HIT, _read),
    Way("the same GET by redis-py's pipeline", _read, by_pipeline=True),
    Way("the same GET without Redis", _read, has_redis=False),
    Way("a miss of the user", _read, before=_forget_row),
    Way("PATCH /api/users/me", _write),
    Way("the same PATCH without Redis", _write, has_redis=False),
]


def _measured(servers: Servers, way: Way) -> list[Sample]:
    with _environment(servers, way) as (house, round_trips, statements), doors.silence():
        found = []
        for number in range(_WARM_UP + REQUESTS):
            way.before(house)
            round_trips.clear()
            statements.clear()
            cpu, wall = time.process_time_ns(), time.perf_counter_ns()
            way.request(house, number)
            cpu, wall = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
            found.append(Sample(cpu / 1e3, wall / 1e3, len(round_trips), len(statements)))
        assert house.failures == [], "every request was to be answered well"
    return found[_WARM_UP:]


@contextlib.contextmanager
def _environment(servers: Servers, way: Way) -> Iterator[tuple[CachedHouse, list[int], list[str]]]:
    variables = {"CACHE_LEASE_SECONDS": _LEASE_SECONDS} | ({} if way.has_redis else {"REDIS_URL": ""})
    with pytest.MonkeyPatch.context() as patch, cached_house(servers, patch, **variables) as house:
        if way.by_pipeline:
            patch.setattr(Cache, "_exchanged", _by_pipeline)
        yield house, round_trips_from_now_on(patch), statements_from_now_on(patch)


def _by_pipeline(self: Cache, commands: list[Command]) -> list[object]:
    pipeline = self._client.pipeline(transaction=False)
    for command in commands:
        pipeline.execute_command(*command)  # type: ignore[no-untyped-call]
    return pipeline.execute(raise_on_error=False)


def _show(samples: dict[str, list[Sample]]) -> None:
    hit = statistics.median(sample.cpu for sample in samples[HIT])
    rows = []
    for name, found in samples.items():
        cpu, wall, round_trips, statements = (statistics.median(column) for column in zip(*found, strict=True))
        rows.append([name, f"{cpu:.0f}", f"{wall:.0f}", f"{round_trips:.0f}", f"{statements:.0f}", f"{cpu / hit:.2f}"])
    title = f"Medians of {ROUNDS} rounds of {REQUESTS} requests, in turn, Python {sys.version.split()[0]}"
    table.show(title, ["request", "CPU, µs", "in all, µs", "asks Redis", "statements", "ratio of CPU"], rows)


if __name__ == "__main__":
    main()
