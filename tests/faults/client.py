"""The client of one environment: it reads, writes, orders, lets sessions come and go, and notes all of it."""

import os
import random
import time
from collections.abc import Callable
from itertools import accumulate

from tests.faults import answers, events
from tests.faults.answers import Response, WrongAnswerError
from tests.faults.asking import Asking
from tests.faults.board import Board, Slot
from tests.faults.history import Notes, Outcome, What
from tests.faults.orders_of_environment import Orders
from tests.faults.sessions import Comings

_DELIVERIES_MAX = 5
_LOST_ANSWERS = 0.1
_HANDED_ON = 0.3
_UNIQUE = 1_000_000_000


class Client:
    def __init__(self, orders: Orders, board: Board, notes: Notes, asking: Asking) -> None:
        self._orders, self._board, self._notes, self._asking = orders, board, notes, asking
        self._random = random.Random(orders.seed * 100_000 + orders.client)
        self._last_value = orders.client * _UNIQUE
        self._seen: dict[int, int] = {}
        self._ordered: list[tuple[int, int]] = []
        self._comings = Comings(orders, board, notes, asking)
        doings: dict[Callable[[], object], int] = {self.read: 95, self._comings.look: 4, self.browse: 1}
        if orders.writes:
            doings = {
                self.read: 55,
                self._comings.look: 10,
                self.browse: 2,
                self.change: 17,
                self.order: 6,
                self._comings.come_and_go: 10,
            }
        self._doings, self._weights = list(doings), list(accumulate(doings.values()))

    def run(self) -> None:
        """Go on until it is over."""
        self._take_up_what_was_left()
        due = time.monotonic()
        while not self._board.is_over and os.getppid() == self._orders.parent:
            self._take_what_was_handed()
            self._random.choices(self._doings, cum_weights=self._weights)[0]()
            due = self._paced(due + 1 / self._orders.rate)
        self._notes.close()

    def _paced(self, due: float) -> float:
        """Wait until the next request is due; who is late does not hurry."""
        early = due - time.monotonic()
        if early > 0.002:
            time.sleep(early)
        return due if early > -0.1 else time.monotonic()

    def _user(self) -> int:
        """Return a user: some are asked for far more often than others."""
        return self._orders.users[int(len(self._orders.users) * self._random.random() ** 3)]

    def _value(self) -> int:
        self._last_value += 1
        return self._last_value

    def read(self) -> None:
        user = self._user()
        asked = self._asking.ask("get_user", events.read(user), (200,))
        if asked.response is None or asked.status != 200:
            self._notes.missed(What.READ, user, asked.status, asked.invoked, asked.returned)
            return
        found = self._found(asked.response, user)
        if found:
            self._seen[user] = found.version
            self._notes.read(user, found.value, found.version, asked.invoked, asked.returned)
            self._board.count(self._orders.number, Slot.READS)

    def change(self) -> None:
        """Give a user a name that nobody else gives, half of the time upon the version that was seen last."""
        user, value = self._user(), self._value()
        required = self._seen.get(user, 0) if self._random.random() < 0.5 else 0
        stem, make = self._random.choice((("change_user", events.change), ("replace_user", events.replace)))
        number = self._notes.begin(What.WRITE, user, value, required)
        response = self._asking.ask(stem, make(user, value, required), (200, 412) if required else (200,)).response
        outcome = answers.outcome_of(response) if response else Outcome.UNKNOWN
        found = self._found(response, user) if response and outcome == Outcome.OK else None
        if response is None or found is None:
            self._notes.end(number, outcome, status=response["statusCode"] if response else 0)
            return
        self._seen[user] = found.version
        self._notes.end(number, outcome, found.version, found.value, 200)
        self._board.count(self._orders.number, Slot.WRITES)

    def order(self) -> None:
        """Order once, with one to five deliveries, also from another environment at the same time."""
        key = self._value()
        if self._random.random() < _HANDED_ON:
            self._board.set(self._orders.peer, Slot.HANDED, key)
        self._board.set(self._orders.number, Slot.ORDERING, key)
        told = [self._deliver(key) for _ in range(self._random.randint(1, _DELIVERIES_MAX))]
        self._board.set(self._orders.number, Slot.ORDERING, 0)
        if any(told):
            self._board.count(self._orders.number, Slot.WRITES)

    def browse(self) -> None:
        """Look at orders, which has to work and is not judged otherwise."""
        user, number = self._random.choice(self._ordered) if self._ordered else (self._user(), 0)
        if number:
            self._asking.ask("get_order", events.one_order(user, number), (200,))
        else:
            self._asking.ask("list_orders", events.orders(user), (200,))

    def _take_what_was_handed(self) -> None:
        key = self._board.get(self._orders.number, Slot.HANDED)
        if key:
            self._board.set(self._orders.number, Slot.HANDED, 0)
            self._deliver(key)

    def _take_up_what_was_left(self) -> None:
        """Order what the process before this one was ordering when it died: its client asks again."""
        key = self._board.get(self._orders.number, Slot.ORDERING)
        if key:
            self._deliver(key)

    def _deliver(self, key: int) -> bool:
        """Order, and sometimes lose the answer on the way; return whether there was a good one."""
        user = self._orders.users[key % len(self._orders.users)]
        number = self._notes.begin(What.ORDER, key)
        response = self._asking.ask("create_order", events.order(user, key), (201, 409)).response
        if response is None or self._random.random() < _LOST_ANSWERS:
            self._notes.end(number, Outcome.UNKNOWN)
            return False
        outcome = answers.outcome_of(response)
        order = int(response["headers"]["Location"].rpartition("/")[2]) if outcome == Outcome.OK else 0
        self._notes.end(number, outcome, value=order, status=response["statusCode"])
        if order:
            self._ordered = [*self._ordered[-20:], (user, order)]
        return order > 0

    def _found(self, response: Response, user: int) -> answers.Read | None:
        try:
            return answers.user_in(response, user)
        except (WrongAnswerError, ValueError, KeyError) as error:
            self._asking.report(str(error), "get_user", response)
            return None
