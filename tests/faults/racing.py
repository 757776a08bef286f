"""Short races: processes that write and read a few things, while something befalls them or their Redis."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from local.processes import keep_going, wait_until
from tests import environment
from tests.fault_proxy import FaultProxy, fault_proxy
from tests.faults.race_board import Board
from tests.faults.race_faults import FAULTS, LEASE_SECONDS, PAUSING, UNDISTURBED, Race, no_fault
from tests.faults.racer import Orders
from tests.faults.redis_pair import RedisPair, url_at
from tests.servers import execute
from tests.structure.project import LAYER, ROOT

READERS, WRITERS = 3, 2
_PAUSE_SECONDS = 0.06
_ENABLE = "UPDATE cache_control SET is_enabled = true, epoch = 1, server_id = %s"


class Racers:
    """Processes of a module that wait for orders, since each takes a while to start."""

    def __init__(self, module: str) -> None:
        command = [sys.executable, "-m", module]
        variables = {**os.environ, **environment.SETTINGS, "PYTHONPATH": f"{LAYER}:{ROOT}"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.processes = [
            subprocess.Popen(command, cwd=ROOT, env=variables, **pipes)  # type: ignore[call-overload]
            for _ in range(READERS + WRITERS)
        ]

    def order(self, number: int, orders: Orders) -> None:
        self.processes[number].stdin.write(json.dumps(dataclasses.asdict(orders)).encode() + b"\n")
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
    """With a *mutant* leases last for *mutant_lease_seconds*, for then more is seen of what it does."""

    fault: str
    seed: int
    seconds: float
    mutant: str = ""
    mutant_lease_seconds: float = 3.0


class Track(NamedTuple):
    """
    Where a race takes place, and whom it is about.

    Writers have a share of the users each if there is *one_writer* a user. All have begun once *places* of the board
    say so.
    """

    database_url: str
    folder: Path
    users: list[int]
    places: Collection[int]
    one_writer: bool = False

    def users_of(self, number: int) -> list[int]:
        is_writer = number >= READERS
        return self.users[number % WRITERS :: WRITERS] if is_writer and self.one_writer else self.users


Spans = list[tuple[int, int]]


def race(racers: Racers, conditions: Conditions, track: Track) -> Spans:
    """Race for some seconds while the fault happens; return when somebody was kept away from Redis, in nanoseconds."""
    board = Board(track.folder / "board")
    with contextlib.closing(RedisPair()) as pair, fault_proxy() as readers_way, fault_proxy() as writers_way:
        _enable(track.database_url, pair, conditions.mutant)
        running = Race(conditions.seed, conditions.seconds, pair, readers_way, writers_way, racers.processes[:READERS])
        running.lead(pair.first)
        for number, way in enumerate([readers_way] * READERS + [writers_way] * WRITERS):
            racers.order(number, _orders(number, conditions, track, way))
        assert wait_until(lambda: all(board.get(each) > 2 for each in track.places), 60, keep_going), "nobody began"
        began = time.monotonic_ns()
        FAULTS.get(conditions.fault, no_fault)(running)
        board.end()
        racers.wait()
    return [] if conditions.fault in UNDISTURBED else [(began, time.monotonic_ns())]


def _enable(database_url: str, pair: RedisPair, mutant: str) -> None:
    """Let the cache be in use from the beginning: who loses the race to enable it goes without for a lease."""
    known = pair.first.client.info("replication")["master_replid"]
    execute(database_url, _ENABLE, "any" if mutant == "no server check" else known)


def _orders(number: int, conditions: Conditions, track: Track, way: FaultProxy) -> Orders:
    return Orders(
        writes=number >= READERS,
        client=number + 1,
        seed=conditions.seed * 100 + number,
        board=str(track.folder / "board"),
        notes=str(track.folder / f"{number + 1}.notes"),
        database_url=track.database_url,
        redis_url=url_at(way.port),
        lease_seconds=conditions.mutant_lease_seconds if conditions.mutant else LEASE_SECONDS,
        users=track.users_of(number),
        mutant=conditions.mutant,
        pause_seconds=_PAUSE_SECONDS if conditions.fault == PAUSING else 0,
    )
