"""What a page costs at every depth: by keyset, as the adapters read it, and by OFFSET, for comparison."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from statistics import fmean, median
from typing import Any, NamedTuple

from psycopg2.extensions import connection as Connection
from roster.infrastructure.database import Database

from benchmarks.plans.adapters import Adapters, adapters_on
from benchmarks.plans.judge import judged
from benchmarks.plans.recorder import connected, recording

_PAGES = 10
_ROUNDS, _OFFSET_ROUNDS = 25, 5


class Deep(NamedTuple):
    """
    A list: *page* reads the page after an item, the first after None; *item* makes an item of a row.

    *whole* is what to read with OFFSET, where the statement of the first page cannot be led on.
    """

    name: str
    deepest: int
    page: Callable[[Adapters, Any], Sequence[Any]]
    item: Callable[..., object]
    whole: str | None = None


class Cost(NamedTuple):
    """Of one page."""

    buffers: float
    milliseconds: float


class Measured(NamedTuple):
    """What a page of a list costs at a depth, both ways."""

    name: str
    depth: int
    keyset: Cost
    offset: Cost


_Read = Callable[[Database, "_Way"], Iterator[None]]


def measure(url: str, deep: Deep) -> list[Measured]:
    """Return what a page costs at each depth, the first before the others; the rounds are interleaved."""
    with connected(url) as connection, closing(Database(url, pool_max=1, idle_seconds=60, work_seconds=600)) as plain:
        first = _first_page(connection, deep)
        depths = [0, *(step for step in (1000, 10_000, 100_000) if 2 * step < deep.deepest), deep.deepest]
        ways = [_Way(deep, first, depth, _item_at(plain, deep, first, depth)) for depth in depths]
        keyset, offset = _times(plain, ways)
        return [
            Measured(
                deep.name,
                way.depth,
                Cost(_buffers(connection, way, _walk), keyset[way.depth]),
                Cost(_buffers(connection, way, _leap), offset[way.depth]),
            )
            for way in ways
        ]


class _Way(NamedTuple):
    """To a page: *first* is the statement of the first one, with its values, and *item* the one before the page."""

    deep: Deep
    first: str
    depth: int
    item: object | None


def _first_page(connection: Connection, deep: Deep) -> str:
    if deep.whole is not None:
        return deep.whole
    with recording(connection) as database:
        deep.page(adapters_on(database), None)
    return database.seen[-1].sent


def _item_at(database: Database, deep: Deep, first: str, depth: int) -> object | None:
    """Return the last item before *depth*."""
    return deep.item(*database.fetch_all(f"{first} OFFSET {depth - 1}")[0]) if depth else None


def _walk(database: Database, way: _Way) -> Iterator[None]:
    """Read ten pages by keyset: it weighs more where the pages of a table begin than how deep they lie."""
    adapters, item = adapters_on(database), way.item
    for _ in range(_PAGES):
        *_, item = way.deep.page(adapters, item)
        yield


def _leap(database: Database, way: _Way) -> Iterator[None]:
    database.fetch_all(f"{way.first} OFFSET {way.depth}")
    yield


def _times(database: Database, ways: Sequence[_Way]) -> tuple[dict[int, float], dict[int, float]]:
    """Return the median milliseconds of a page at each depth by keyset and by OFFSET, as who asks sees them."""
    keyset: dict[int, list[float]] = {way.depth: [] for way in ways}
    offset: dict[int, list[float]] = {way.depth: [] for way in ways}
    for turn in range(_ROUNDS):
        for way in ways:
            keyset[way.depth] += _timed(_walk(database, way))
            if turn < _OFFSET_ROUNDS:
                offset[way.depth] += _timed(_leap(database, way))
    return {depth: median(found) for depth, found in keyset.items()}, {
        depth: median(found) for depth, found in offset.items()
    }


def _timed(pages: Iterator[None]) -> Iterator[float]:
    started = time.perf_counter()
    for _ in pages:
        yield (time.perf_counter() - started) * 1000
        started = time.perf_counter()


def _buffers(connection: Connection, way: _Way, read: _Read) -> float:
    with recording(connection) as database:
        list(read(database, way))
    return fmean(judged(seen).buffers for seen in database.seen)
