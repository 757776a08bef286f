"""Opens and ends sessions, each user's by one racer, or looks whether they live."""

import hashlib
import time
from contextlib import suppress

from roster.auth.caller import Role
from roster.auth.client import Client
from roster.errors import RosterError
from roster.sessions.cached import CachedStandings
from roster.sessions.fenced import FencedSessions
from roster.sessions.postgres import PostgresSessions, PostgresStandings
from roster.sessions.repository import Lifetime, NewSession, Standing

from tests.builders import a_session_id
from tests.faults.events import session_of
from tests.faults.history import Outcome, What
from tests.faults.race_board import ASKED
from tests.faults.racer import Orders, Racer, outcome_of, take_orders

_LIFETIME = Lifetime(3600, 3600)
_CLIENT = Client("203.0.113.7", "race")


class CountingStandings(PostgresStandings):
    """Counts how often PostgreSQL was asked, where all can see it."""

    def __init__(self, racer: Racer) -> None:
        super().__init__(lambda: racer.database)
        self._board, self._place = racer.board, ASKED + racer.orders.client

    def find(self, user_id: int, session_id: str) -> Role | None:
        self._board.count(self._place)
        return super().find(user_id, session_id)

    def of(self, user_id: int) -> Standing | None:
        self._board.count(self._place)
        return super().of(user_id)


class RacerOfSessions(Racer):
    """On the board stands each user's newest session."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(orders)
        self.standings = CachedStandings(CountingStandings(self), self.fence)
        self.sessions = FencedSessions(PostgresSessions(lambda: self.database), self.fence)

    def write(self, user: int) -> None:
        """Open the next session of a user, show it to the others, and end the one before."""
        number = self.board.get(user) + 1
        session = session_of(user, number)
        token_hash = hashlib.sha256(str(session).encode()).digest()
        with suppress(RosterError):
            self.sessions.add(NewSession(a_session_id(session), user, token_hash, _CLIENT, None), _LIFETIME)
            self.board.set(user, number)
            self.pause(0.04)
            if number > 1:
                self.end(user, session - 1)

    def end(self, user: int, session: int) -> None:
        noted = self.notes.begin(What.LOGOUT, session)
        try:
            is_ended = self.sessions.remove(user, a_session_id(session))
        except RosterError as error:
            self.notes.end(noted, outcome_of(error))
        else:
            self.notes.end(noted, Outcome.OK if is_ended else Outcome.FAILED)

    def read(self, user: int) -> None:
        """Look for the newest session of a user, or for one of those before it."""
        number = self.board.get(user) - self.random.choice((0, 1, 1, 2, 2, 3, 4))
        if number > 0:
            self.look(user, session_of(user, number))
        self.pause(0.001)

    def look(self, user: int, session: int) -> None:
        invoked = time.monotonic_ns()
        try:
            is_alive = self.standings.find(user, a_session_id(session)) is not None
        except RosterError:
            self.notes.missed(What.LOOK, session, 503, invoked, time.monotonic_ns())
        else:
            self.notes.look(session, is_alive, invoked, time.monotonic_ns())


if __name__ == "__main__":
    take_orders(RacerOfSessions)
