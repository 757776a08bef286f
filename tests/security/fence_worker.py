"""One execution environment of the races: it opens and ends sessions, or looks whether they live, and notes it all."""

import json
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roster.auth.client import Client
from roster.errors import RosterError
from roster.infrastructure.cache import Cache
from roster.infrastructure.cache_control import Control
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.database import Database
from roster.infrastructure.fenced_cache import FencedCache
from roster.infrastructure.write_barrier import WriteBarrier
from roster.sessions.cached import CachedStandings
from roster.sessions.fenced import FencedSessions
from roster.sessions.postgres import PostgresSessions, PostgresStandings
from roster.sessions.repository import Lifetime, NewSession, Standing

from tests.security import fence_plants
from tests.security.fence_board import Board

_LIFETIME = Lifetime(3600, 3600)
_CLIENT = Client("203.0.113.7", "race")


@dataclass(frozen=True)
class Orders:
    """What a worker is told."""

    role: str
    seed: int
    board: str
    notes: str
    database_url: str
    redis_url: str
    lease_seconds: float
    users: list[int]
    plant: str


class CountingStandings(PostgresStandings):
    """Counts how often PostgreSQL was asked."""

    asked = 0

    def find(self, user_id: int, session_id: str) -> Any:
        self.asked += 1
        return super().find(user_id, session_id)

    def of(self, user_id: int) -> Standing | None:
        self.asked += 1
        return super().of(user_id)


class Worker:
    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.random = random.Random(orders.seed)
        self.board = Board(Path(orders.board))
        self.notes: list[list[Any]] = []
        self.database = database = Database(orders.database_url, pool_max=1, idle_seconds=60)
        self.cache = cache = Cache(orders.redis_url)
        fence_plants.plant(orders.plant)
        control = Control(PostgresControlRows(lambda: database), cache, orders.lease_seconds)
        fence = FencedCache(cache, control, WriteBarrier(cache, control, fence_plants.clock(orders.plant)), 3600)
        fence = fence_plants.fence(orders.plant, fence, cache)
        self.behind = CountingStandings(lambda: database)
        self.standings = CachedStandings(self.behind, fence)
        self.sessions = FencedSessions(PostgresSessions(lambda: database), fence)

    def run(self) -> None:
        step = self.write if self.orders.role == "writer" else self.look
        while not self.board.is_over:
            step()
        found = {"notes": self.notes, "asked": self.behind.asked}
        Path(self.orders.notes).write_text(json.dumps(found))
        self.database.close()
        self.cache.close()

    def write(self) -> None:
        """Open the next session of a user, show it to the others, and end the one before."""
        user = self.random.choice(self.orders.users)
        number = self.board.newest(user) + 1
        token_hash = uuid.uuid4().bytes * 2
        new = NewSession(session_id(user, number), user, token_hash, _CLIENT, None)
        self.note("open", user, number, lambda: self.sessions.add(new, _LIFETIME) is not None)
        self.board.publish(user, number)
        time.sleep(self.random.uniform(0, 0.04))
        if number > 1:
            self.note("end", user, number - 1, lambda: self.sessions.remove(user, session_id(user, number - 1)))

    def look(self) -> None:
        """Look for the newest session of a user, or for one of those before it."""
        user = self.random.choice(self.orders.users)
        number = self.board.newest(user) - self.random.choice((0, 1, 1, 2, 2, 3, 4))
        if number > 0:
            self.note("look", user, number, lambda: self.standings.find(user, session_id(user, number)) is not None)
        time.sleep(self.random.uniform(0, 0.001))

    def note(self, what: str, user: int, number: int, work: Callable[[], bool]) -> None:
        invoked, outcome = time.monotonic(), None
        with suppress(RosterError):
            outcome = work()
        self.notes.append([what, user, number, invoked, time.monotonic(), outcome])


def session_id(user: int, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{user}/{number}"))


def take_orders(follow: Callable[[dict[str, Any]], None]) -> None:
    """Follow orders line by line, and say when each is done; what the layer logs goes nowhere."""
    told, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for line in sys.stdin:
        follow(json.loads(line))
        print("done", file=told, flush=True)


if __name__ == "__main__":
    take_orders(lambda orders: Worker(Orders(**orders)).run())
