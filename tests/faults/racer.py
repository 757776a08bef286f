"""One execution environment of a race: its own database, cache and notes, and what it does until the race is over."""

import json
import os
import random
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from roster.errors import OutcomeUnknownError, RosterError
from roster.infrastructure.cache import Cache
from roster.infrastructure.cache_control import Control
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.database import Database

from tests.faults import mutants
from tests.faults.history import Notes, Outcome
from tests.faults.race_board import Board


@dataclass(frozen=True)
class Orders:
    """What a racer is told."""

    writes: bool
    client: int
    seed: int
    board: str
    notes: str
    database_url: str
    redis_url: str
    lease_seconds: float
    users: list[int]
    mutant: str
    pause_seconds: float


class Racer(ABC):
    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.random = random.Random(orders.seed)
        self.board = Board(Path(orders.board))
        self.notes = Notes(Path(orders.notes), orders.client)
        self.database = Database(orders.database_url, pool_max=1, idle_seconds=60)
        self.cache = Cache(orders.redis_url)
        control = Control(PostgresControlRows(lambda: self.database), self.cache, orders.lease_seconds)
        self.fence = mutants.fenced(orders.mutant, self.cache, control)

    def run(self) -> None:
        step = self.write if self.orders.writes else self.read
        while not self.board.is_over:
            step(self.random.choice(self.orders.users))
        self.notes.close()
        self.database.close()
        self.cache.close()

    @abstractmethod
    def write(self, user: int) -> None:
        """Change something of that user."""

    @abstractmethod
    def read(self, user: int) -> None:
        """Look at something of that user."""

    def pause(self, seconds_max: float) -> None:
        time.sleep(self.random.uniform(0, seconds_max))


def outcome_of(error: RosterError) -> Outcome:
    return Outcome.UNKNOWN if isinstance(error, OutcomeUnknownError) else Outcome.FAILED


def take_orders(racer: Callable[[Orders], Racer]) -> None:
    """Race by orders line by line, and say when each race is done; what the layer logs goes nowhere."""
    told, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for line in sys.stdin:
        racer(Orders(**json.loads(line))).run()
        print("done", file=told, flush=True)
