"""Sessions that come and go: each has one environment that opens and ends it, and all others look at it."""

import hashlib
import random
from contextlib import suppress

from roster.auth.client import Client
from roster.errors import RosterError
from roster.sessions.repository import Lifetime, NewSession
from roster.wiring import sessions

from tests.builders import a_session_id
from tests.faults import answers, events
from tests.faults.asking import Asking
from tests.faults.board import Board, Slot
from tests.faults.history import Notes, Outcome, What
from tests.faults.orders_of_environment import Orders

_LIFETIME = Lifetime(7 * 86_400, 7 * 86_400)
_CLIENT = Client("203.0.113.7", "campaign")


class Comings:
    def __init__(self, orders: Orders, board: Board, notes: Notes, asking: Asking) -> None:
        self._orders, self._board, self._notes, self._asking = orders, board, notes, asking
        self._random = random.Random(orders.seed * 100_000 + orders.client + 50_000)
        self._unended: list[tuple[int, int]] = []

    def look(self) -> None:
        """Use a session of anybody's, alive or not."""
        comer = self._random.choice(self._orders.all_comers)
        there = self._board.sessions(comer)
        if there:
            session = events.session_of(comer, self._random.choice(there))
            asked = self._asking.ask("get_user", events.look(comer, session), (200, 401))
            if asked.status in (200, 401):
                self._notes.look(session, asked.status == 200, asked.invoked, asked.returned)
                self._board.count(self._orders.number, Slot.LOOKS)
            else:
                self._notes.missed(What.LOOK, session, asked.status, asked.invoked, asked.returned)

    def come_and_go(self) -> None:
        """Open a session, and end the one before the last, or one that could not be ended then."""
        comer = self._random.choice(self._orders.comers)
        number = self._board.reserve_session(comer)
        with suppress(RosterError):
            self._open(comer, events.session_of(comer, number))
            self._board.publish_session(comer, number)
        if number - 2 in self._board.sessions(comer):
            self._unended.append((comer, events.session_of(comer, number - 2)))
        for _ in range(min(2, len(self._unended))):
            self._end(*self._unended.pop(0))

    def _open(self, comer: int, session: int) -> None:
        token_hash = hashlib.sha256(str(session).encode()).digest()
        new = NewSession(a_session_id(session), comer, token_hash, _CLIENT, None)
        if sessions.repository().add(new, _LIFETIME) is None:
            self._asking.report("a session could not be opened", "log_in", None)

    def _end(self, comer: int, session: int) -> None:
        is_by_itself = self._random.random() < 0.5
        number = self._notes.begin(What.LOGOUT, session)
        if is_by_itself:
            asked = self._asking.ask("log_out", events.log_out(comer, session), (204, 401))
        else:
            asked = self._asking.ask("end_session", events.end_session(comer, session), (204, 404))
        outcome = answers.outcome_of(asked.response) if asked.response else Outcome.UNKNOWN
        self._notes.end(number, outcome, status=asked.status)
        if outcome == Outcome.OK:
            self._board.count(self._orders.number, Slot.WRITES)
        elif asked.status not in (401, 404):
            self._unended.append((comer, session))
