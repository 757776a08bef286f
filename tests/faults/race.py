"""A short race about users: processes that change and read a few of them, while something befalls their Redis."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import redis

from local.processes import keep_going, wait_until
from local.redis import RedisServer
from tests.fault_proxy import FaultProxy
from tests.faults.checker import check
from tests.faults.findings import Finding
from tests.faults.history import Notes, Outcome, What
from tests.faults.operations import History, read_back
from tests.faults.registers import Change, Truth
from tests.security.fence_board import Board
from tests.security.fence_race import FAULTS, PASSWORD, READERS, WRITERS, Race, Workers, two_servers
from tests.servers import execute

USERS = list(range(1, 9))
_PAUSE_SECONDS = 0.06
_LEASE_SECONDS, _LONG_LEASE_SECONDS = 0.4, 3.0
_ADD_USERS = """
    WITH added AS (
        INSERT INTO users (email, email_canonical, name, name_folded)
        SELECT number || '@x.org', number || '@x.org', 'N' || number, 'n' || number
        FROM generate_series(1, %s) AS number
        RETURNING id
    )
    INSERT INTO user_passwords (user_id, hash) SELECT id, 'h' FROM added
"""
_ENABLE = "UPDATE cache_control SET is_enabled = true, epoch = 1, server_id = %s"
_ROWS = "SELECT id, version, substr(name, 2)::bigint FROM users"
_TRAIL = """
    SELECT subject_id, substr(before ->> 'name', 2)::bigint, substr(after ->> 'name', 2)::bigint
    FROM audit_events WHERE action = 'user.changed'
"""


PAUSING = "readers pause before they fill the cache"
ALL_FAULTS = {**FAULTS, PAUSING: FAULTS["no fault"]}
UNDISTURBED = ("no fault", PAUSING)


class Conditions(NamedTuple):
    """With a *mutant* leases are longer, for then more is seen of what it does."""

    fault: str
    seed: int
    seconds: float
    mutant: str = ""


class Raced(NamedTuple):
    history: History
    findings: list[Finding]


def workers() -> Workers:
    return Workers("tests.faults.race_worker")


def run(racers: Workers, conditions: Conditions, database_url: str, folder: Path) -> Raced:
    """Race for some seconds while the fault happens, and judge what everybody noted."""
    _settle(database_url, folder)
    board = Board(folder / "board")
    with two_servers() as (first, second, readers_way, writers_way):
        _enable(database_url, first, conditions.mutant)
        for number, way in enumerate([readers_way] * READERS + [writers_way] * WRITERS):
            racers.order(number, _orders(number, conditions, database_url, way, folder))
        everybody = range(1, READERS + WRITERS + 1)
        assert wait_until(lambda: all(board.newest(each) > 2 for each in everybody), 60, keep_going), "nobody began"
        began = time.monotonic_ns()
        readers = racers.processes[:READERS]
        ALL_FAULTS[conditions.fault](
            Race(conditions.seed, conditions.seconds, first, second, readers_way, writers_way, readers)
        )
        board.end()
        racers.wait()
    disturbed = [] if conditions.fault in UNDISTURBED else [(began, time.monotonic_ns())]
    history = read_back(folder)
    return Raced(history, check(history, truth(database_url), disturbed))


def _settle(database_url: str, folder: Path) -> None:
    execute(database_url, _ADD_USERS, len(USERS))
    notes = Notes(folder / "0.notes", 0)
    for user in USERS:
        notes.end(notes.begin(What.WRITE, user, user), Outcome.OK, version=1, value=user)
    notes.close()


def _enable(database_url: str, server: RedisServer, mutant: str) -> None:
    """Let the cache be in use from the beginning: who loses the race to enable it goes without for a lease."""
    with redis.Redis.from_url(f"redis://:{PASSWORD}@{urlsplit(server.url).netloc.rpartition('@')[2]}/0") as client:
        known = client.info("replication")["master_replid"]
    execute(database_url, _ENABLE, "any" if mutant == "no server check" else known)


def _orders(number: int, conditions: Conditions, database_url: str, way: FaultProxy, folder: Path) -> dict[str, object]:
    return {
        "writes": number >= READERS,
        "client": number + 1,
        "seed": conditions.seed * 100 + number,
        "board": str(folder / "board"),
        "notes": str(folder / f"{number + 1}.notes"),
        "database_url": database_url,
        "redis_url": f"redis://:{PASSWORD}@127.0.0.1:{way.port}/0",
        "lease_seconds": _LONG_LEASE_SECONDS if conditions.mutant else _LEASE_SECONDS,
        "users": USERS,
        "mutant": conditions.mutant,
        "pause_seconds": _PAUSE_SECONDS if conditions.fault == PAUSING else 0,
    }


def truth(database_url: str) -> Truth:
    users = {user: (version, value) for user, version, value in _rows(database_url, _ROWS)}
    trail: dict[int, list[Change]] = {}
    for user, before, after in _rows(database_url, _TRAIL):
        trail.setdefault(user, []).append(Change(before, after))
    return Truth(users, trail=trail)


def _rows(url: str, statement: str) -> Iterator[tuple[int, int, int]]:
    return iter(execute(url, statement))  # type: ignore[arg-type]
