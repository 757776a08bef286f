"""A user, orders and a session as they should be: each operation takes place at one moment between call and answer."""

import heapq
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from tests.faults.history import Outcome, What
from tests.faults.operations import FOREVER, Act, History, Sight
from tests.faults.registers import Change, Truth
from tests.faults.scenes import USER, history, wrote

_SPAN, _LONGEST = 1000, 120
_LAST = 2 * _SPAN
REGISTERED = wrote(100, 1, 0, 1)


class Told(NamedTuple):
    history: History
    truth: Truth


class World:
    """
    What stands in the database while clients go about it, in any order that *chance* gives.

    If it *lags*, readers may see any version that is not older than what was acknowledged before they began.
    """

    def __init__(self, chance: Random, *, lags: bool = False) -> None:
        self.chance = chance
        self.lags = lags
        self.values = [REGISTERED.value]
        self.orders: dict[int, list[int]] = {}
        self.is_logged_in = True
        self.acts, self.reads, self.looks = [REGISTERED], list[Sight](), list[Sight]()
        self._events: list[tuple[int, int, Callable[[], None]]] = []

    def run(self, writes: int, reads: int, others: int = 0) -> Told:
        for number in range(writes):
            self._at(self._moment(), lambda number=number: self._write(101 + number))  # type: ignore[misc]
        for _ in range(reads):
            self._at(self._moment(), self._read)
        for number in range(others):
            self._at(self._moment(), lambda number=number: self._order(number // 2))  # type: ignore[misc]
            self._at(self._moment(), self._look)
        self._at(self._moment(), self._log_out if others else self._read)
        while self._events:
            self.now, _, step = heapq.heappop(self._events)
            step()
        return Told(history(self.acts, self.reads, self.looks), self._truth())

    def _truth(self) -> Truth:
        trail = [Change(*pair) for pair in zip(self.values, self.values[1:], strict=False)]
        alive = [5] if self.is_logged_in else []
        return Truth({USER: (len(self.values), self.values[-1])}, self.orders, alive, {USER: trail})

    def _moment(self) -> int:
        return self.chance.randrange(2, _SPAN)

    def _at(self, moment: int, step: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, self.chance.getrandbits(30), step))

    def _write(self, value: int) -> None:
        """Send a write, perhaps upon the version that is there now, and perhaps twice."""
        required = len(self.values) if self.chance.random() < 0.5 else 0
        for _ in range(self.chance.choice((1, 2)) if required else 1):
            act = Act(What.WRITE, 1, USER, value, required, self.now, self._returned())
            self._act(act, lambda act=act: self._written(act))  # type: ignore[misc]

    def _written(self, act: Act) -> Act:
        if act.required not in (0, len(self.values)):
            return act._replace(outcome=Outcome.FAILED, status=412)
        self.values.append(act.value)
        return act._replace(outcome=Outcome.OK, version=len(self.values))

    def _order(self, key: int) -> None:
        act = Act(What.ORDER, 1, key, 0, 0, self.now, self._returned())

        def order() -> Act:
            (made,) = self.orders.setdefault(key, [1000 + key])
            return act._replace(outcome=Outcome.OK, answer=made)

        self._act(act, order)

    def _log_out(self) -> None:
        act = Act(What.LOGOUT, 1, 5, 0, 0, self.now, self._returned())

        def log_out() -> Act:
            self.is_logged_in = False
            return act._replace(outcome=Outcome.OK)

        self._act(act, log_out)

    def _act(self, act: Act, work: Callable[[], Act]) -> None:
        """Do it before it returns and tell; or fail; or let nobody know whether it is done, which may be later."""
        fate, unheard = self.chance.choice(("told", "told", "told", "failed", "crashed", "never done")), list[Act]()
        if fate == "failed":
            self.acts.append(act._replace(outcome=Outcome.FAILED))
        elif fate == "told":
            self._at(self.chance.randint(act.invoked, act.returned), lambda: self.acts.append(work()))
        else:
            self.acts.append(act._replace(returned=self.chance.choice((act.returned, FOREVER))))
        if fate == "crashed":
            self._at(self.chance.randint(act.invoked, _LAST), lambda: unheard.append(work()))

    def _read(self) -> None:
        invoked, returned, least = self.now, self._returned(), self._acknowledged()

        def see() -> None:
            newest = len(self.values)
            version = self.chance.randint(least, newest) if self.lags else newest
            self.reads.append(Sight(2, invoked, returned, version, self.values[version - 1]))

        self._at(self.chance.randint(invoked, returned), see)

    def _look(self) -> None:
        invoked, returned = self.now, self._returned()
        self._at(
            self.chance.randint(invoked, returned),
            lambda: self.looks.append(Sight(2, invoked, returned, 0, self.is_logged_in)),
        )

    def _returned(self) -> int:
        return self.now + self.chance.randint(1, _LONGEST)

    def _acknowledged(self) -> int:
        """Return the newest version that was acknowledged before now."""
        return max(act.version for act in self.acts if act.is_acknowledged and act.returned < self.now)
