"""One execution environment of a race about users: it changes them through the fenced cache, or reads them."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from roster.errors import OutcomeUnknownError, RosterError
from roster.infrastructure.cache import Cache
from roster.infrastructure.cache_control import Control
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.database import Database
from roster.users.cached import CachedUsers
from roster.users.fenced import FencedUsers
from roster.users.models import User
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues

from tests.faults import mutants
from tests.faults.history import Notes, Outcome, What
from tests.security.fence_board import Board
from tests.security.fence_worker import take_orders

_VALUES_OF_A_CLIENT = 1_000_000


@dataclass(frozen=True)
class Orders:
    """What a worker is told."""

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


class PausingUsers(PostgresUsers):
    """Lets much happen between what PostgreSQL says and the filling of the cache."""

    pause_seconds = 0.0

    def find(self, user_id: int) -> User | None:
        user = super().find(user_id)
        time.sleep(random.uniform(0, self.pause_seconds))
        return user


class Worker:
    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.random = random.Random(orders.seed)
        self.board = Board(Path(orders.board))
        self.notes = Notes(Path(orders.notes), orders.client)
        self.database = database = Database(orders.database_url, pool_max=1, idle_seconds=60)
        self.cache = Cache(orders.redis_url)
        control = Control(PostgresControlRows(lambda: database), self.cache, orders.lease_seconds)
        fence = mutants.fenced(orders.mutant, self.cache, control)
        behind = PausingUsers(lambda: database)
        behind.pause_seconds = orders.pause_seconds
        self.users = FencedUsers(CachedUsers(behind, fence), fence)
        self.seen: dict[int, int] = {}
        self.done = 0

    def run(self) -> None:
        step = self.write if self.orders.writes else self.read
        while not self.board.is_over:
            step(self.random.choice(self.orders.users))
        self.notes.close()
        self.database.close()
        self.cache.close()

    def read(self, user_id: int) -> None:
        invoked = time.monotonic_ns()
        try:
            user = self.users.find(user_id)
        except RosterError:
            self.notes.missed(What.READ, user_id, 503, invoked, time.monotonic_ns())
            return
        version, value = (user.version, value_of(user)) if user else (0, 0)
        self.notes.read(user_id, value, version, invoked, time.monotonic_ns())
        self.count()
        time.sleep(self.random.uniform(0, 0.001))

    def write(self, user_id: int) -> None:
        """Give a user a name of their own, now and then upon the version that was made last."""
        self.done += 1
        value = self.orders.client * _VALUES_OF_A_CLIENT + self.done
        required = self.random.choice((0, 0, self.seen.get(user_id, 0)))
        number = self.notes.begin(What.WRITE, user_id, value, required)
        try:
            user = self.users.change(user_id, NewValues(name=f"N{value}"), {required} if required else None)
        except RosterError as error:
            outcome = Outcome.UNKNOWN if isinstance(error, OutcomeUnknownError) else Outcome.FAILED
            self.notes.end(number, outcome)
            return
        self.seen[user_id] = user.version
        self.notes.end(number, Outcome.OK, user.version, value_of(user), 200)
        self.count()
        time.sleep(self.random.uniform(0, 0.01))

    def count(self) -> None:
        """Show the others that this one is at work."""
        self.board.publish(self.orders.client, self.board.newest(self.orders.client) + 1)


def value_of(user: User) -> int:
    return int(user.name[1:])


if __name__ == "__main__":
    take_orders(lambda orders: Worker(Orders(**orders)).run())
