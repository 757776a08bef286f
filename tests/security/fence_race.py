"""Races about ended sessions: processes that open, end and look for them, while something befalls them."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import redis

from local.processes import keep_going, wait_until
from local.redis import RedisServer
from tests import environment
from tests.fault_proxy import FaultProxy, fault_proxy
from tests.security.fence_board import Board
from tests.security.fence_history import Findings, Operation, check
from tests.servers import execute, redis_server
from tests.structure.project import LAYER, ROOT

LEASE_SECONDS = 0.4
READERS, WRITERS = 3, 2
USERS = list(range(1, 25))
PASSWORD = "race"
_ADD_USERS = """
    WITH added AS (
        INSERT INTO users (email, email_canonical, name, name_folded)
        SELECT number || '@x.org', number || '@x.org', 'N', 'n' FROM generate_series(1, 24) AS number
        RETURNING id
    )
    INSERT INTO user_passwords (user_id, hash) SELECT id, 'h' FROM added
"""


class Outcome(NamedTuple):
    """What was found wrong, and how much was done: *asked* of the looks had to ask PostgreSQL."""

    findings: Findings
    looks: int
    asked: int
    ends: int
    slowest_end_seconds: float

    @property
    def told(self) -> str:
        stale = len(self.findings.stale)
        return f"{self.looks} looks ({self.asked} at PostgreSQL), {self.ends} ends acknowledged, {stale} stale"


@dataclass
class Race:
    """Two Redis servers, of which *second* follows *first*, and the ways that readers and writers take to them."""

    seed: int
    seconds: float
    first: RedisServer
    second: RedisServer
    readers_way: FaultProxy
    writers_way: FaultProxy
    readers: list["subprocess.Popen[bytes]"]

    def wait(self, share: float) -> None:
        """Let a share of the race go by."""
        time.sleep(share * self.seconds)

    def lead(self, server: RedisServer | None) -> None:
        for way in (self.readers_way, self.writers_way):
            way.point_to(_port(server) if server else None)

    def promote_second(self) -> None:
        with redis.Redis.from_url(_url(self.second)) as client:
            client.replicaof("NO", "ONE")


Fault = Callable[[Race], None]


def no_fault(race: Race) -> None:
    race.wait(1)


def writers_cut_off(race: Race) -> None:
    race.wait(0.25)
    race.writers_way.point_to(None)
    race.wait(0.3)
    race.writers_way.point_to(_port(race.first))
    race.wait(0.45)


def restarted_empty(race: Race) -> None:
    race.wait(0.25)
    race.lead(None)
    race.first.stop()
    with redis_server() as fresh:
        _share_password(fresh)
        race.lead(fresh)
        race.wait(0.7)


def failover_that_loses_writes(race: Race) -> None:
    race.wait(0.25)
    race.promote_second()
    race.wait(0.25)
    race.lead(race.second)
    race.wait(0.5)


def split_brain(race: Race) -> None:
    race.wait(0.25)
    race.promote_second()
    race.writers_way.point_to(_port(race.second))
    race.wait(0.3)
    race.lead(race.second)
    race.wait(0.45)


def frozen_readers(race: Race) -> None:
    chance = random.Random(race.seed)
    ends_at = time.monotonic() + race.seconds
    while time.monotonic() < ends_at:
        reader = chance.choice(race.readers)
        reader.send_signal(signal.SIGSTOP)
        time.sleep(chance.uniform(0.05, 3 * LEASE_SECONDS))
        reader.send_signal(signal.SIGCONT)
        time.sleep(chance.uniform(0, 0.1))


FAULTS: dict[str, Fault] = {
    "no fault": no_fault,
    "writers cut off from Redis": writers_cut_off,
    "Redis restarted empty": restarted_empty,
    "failover that loses the last writes": failover_that_loses_writes,
    "split brain": split_brain,
    "frozen readers": frozen_readers,
}


class Workers:
    """Processes of a module that wait for orders, since each takes a while to start."""

    def __init__(self, module: str = "tests.security.fence_worker") -> None:
        command = [sys.executable, "-m", module]
        variables = {**os.environ, **environment.SETTINGS, "PYTHONPATH": f"{LAYER}:{ROOT}"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.processes = [
            subprocess.Popen(command, cwd=ROOT, env=variables, **pipes)  # type: ignore[call-overload]
            for _ in range(READERS + WRITERS)
        ]

    def order(self, number: int, orders: dict[str, object]) -> None:
        self.processes[number].stdin.write(json.dumps(orders).encode() + b"\n")
        self.processes[number].stdin.flush()

    def wait(self) -> None:
        """Wait until everyone is done."""
        for process in self.processes:
            assert process.stdout.readline() == b"done\n"

    def close(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.communicate()


class Conditions(NamedTuple):
    """With a *plant* in the fence leases are longer, for then more is seen of what it does."""

    fault: Fault
    seed: int
    seconds: float
    plant: str = ""


def run(workers: Workers, conditions: Conditions, database_url: str, folder: Path) -> Outcome:
    """Race for some seconds while the fault happens, and judge what everybody noted."""
    fault, seed, seconds, plant = conditions
    execute(database_url, _ADD_USERS)
    board = Board(folder / "board")
    with two_servers() as (first, second, readers_way, writers_way):
        started = time.monotonic()
        for number in range(READERS + WRITERS):
            is_reader = number < READERS
            way = readers_way if is_reader else writers_way
            orders: dict[str, object] = {
                "role": "reader" if is_reader else "writer",
                "seed": seed * 100 + number,
                "board": str(folder / "board"),
                "notes": str(folder / f"notes-{number}"),
                "database_url": database_url,
                "redis_url": f"redis://:{PASSWORD}@127.0.0.1:{way.port}/0",
                "lease_seconds": 1.5 if plant else LEASE_SECONDS,
                "users": USERS if is_reader else USERS[number % WRITERS :: WRITERS],
                "plant": plant,
            }
            workers.order(number, orders)
        assert wait_until(lambda: all(board.newest(user) > 2 for user in USERS), 60, keep_going), "nobody began"
        fault(Race(seed, seconds, first, second, readers_way, writers_way, workers.processes[:READERS]))
        board.end()
        workers.wait()
    return _outcome(folder, started)


@contextlib.contextmanager
def two_servers() -> Iterator[tuple[RedisServer, RedisServer, FaultProxy, FaultProxy]]:
    with redis_server() as first, redis_server() as second, fault_proxy() as readers, fault_proxy() as writers:
        for server in (first, second):
            _share_password(server)
        with redis.Redis.from_url(_url(second)) as client:
            client.replicaof("127.0.0.1", _port(first))
            assert wait_until(lambda: client.info("replication")["master_link_status"] == "up", 10, keep_going)
        for way in (readers, writers):
            way.point_to(_port(first))
        yield first, second, readers, writers


def _outcome(folder: Path, started: float) -> Outcome:
    noted = [json.loads(file.read_text()) for file in sorted(folder.glob("notes-*"))]
    history = [Operation(*note) for each in noted for note in each["notes"]]
    assert all(started <= operation.invoked <= operation.returned for operation in history), "one clock for all"
    ends = [operation for operation in history if operation.what == "end" and operation.outcome]
    slowest = max(end.returned - end.invoked for end in ends)
    looks = [operation for operation in history if operation.what == "look"]
    return Outcome(check(history), len(looks), sum(each["asked"] for each in noted), len(ends), slowest)


def _share_password(server: RedisServer) -> None:
    """Let servers take each other's place: they have one password."""
    with redis.Redis.from_url(server.url) as client:
        client.config_set("masterauth", PASSWORD)
        client.config_set("requirepass", PASSWORD)


def _url(server: RedisServer) -> str:
    return f"redis://:{PASSWORD}@127.0.0.1:{_port(server)}/0"


def _port(server: RedisServer) -> int:
    return int(urlsplit(server.url).port or 0)
