"""Changes users through the fenced cache, or reads them."""

import random
import time

from roster.errors import RosterError
from roster.users.cached import CachedUsers
from roster.users.fenced import FencedUsers
from roster.users.models import User
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues

from tests.faults.history import Outcome, What
from tests.faults.racer import Orders, Racer, outcome_of, take_orders

_VALUES_OF_A_CLIENT = 1_000_000


class PausingUsers(PostgresUsers):
    """Lets much happen between what PostgreSQL says and the filling of the cache."""

    pause_seconds = 0.0

    def find(self, user_id: int) -> User | None:
        user = super().find(user_id)
        time.sleep(random.uniform(0, self.pause_seconds))
        return user


class RacerOfUsers(Racer):
    def __init__(self, orders: Orders) -> None:
        super().__init__(orders)
        behind = PausingUsers(lambda: self.database)
        behind.pause_seconds = orders.pause_seconds
        self.users = FencedUsers(CachedUsers(behind, self.fence), self.fence)
        self.seen: dict[int, int] = {}
        self.done = 0

    def read(self, user: int) -> None:
        invoked = time.monotonic_ns()
        try:
            found = self.users.find(user)
        except RosterError:
            self.notes.missed(What.READ, user, 503, invoked, time.monotonic_ns())
            return
        version, value = (found.version, value_of(found)) if found else (0, 0)
        self.notes.read(user, value, version, invoked, time.monotonic_ns())
        self.board.count(self.orders.client)
        self.pause(0.001)

    def write(self, user: int) -> None:
        """Give a user a name of their own, now and then upon the version that was made last."""
        self.done += 1
        value = self.orders.client * _VALUES_OF_A_CLIENT + self.done
        required = self.random.choice((0, 0, self.seen.get(user, 0)))
        number = self.notes.begin(What.WRITE, user, value, required)
        try:
            changed = self.users.change(user, NewValues(name=f"N{value}"), {required} if required else None)
        except RosterError as error:
            self.notes.end(number, outcome_of(error))
            return
        self.seen[user] = changed.version
        self.notes.end(number, Outcome.OK, changed.version, value_of(changed), 200)
        self.board.count(self.orders.client)
        self.pause(0.01)


def value_of(user: User) -> int:
    return int(user.name[1:])


if __name__ == "__main__":
    take_orders(RacerOfUsers)
