"""How a connection to PostgreSQL is opened, and how long anything on it may take."""

import select
from collections.abc import Callable, Mapping
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback
from psycopg2.extensions import connection as Connection

from roster.infrastructure import deadline, observability
from roster.infrastructure.database_errors import CheckedCursor, says_sign_in_was_refused

SignIn = Callable[[], Mapping[str, Any]]
Renew = Callable[[], None]

CONNECT_SECONDS = 1.5
# A password that was changed a moment ago is known everywhere a moment later.
_RENEWAL_SECONDS = 0.2


class DeadlineError(psycopg2.OperationalError):
    """PostgreSQL did not answer before the deadline."""


class Door:
    """Opens connections to *url*, as whom *sign_in* names at each; *renew* makes that ask for its secret anew."""

    def __init__(self, url: str, sign_in: SignIn, renew: Renew) -> None:
        set_wait_callback(_wait)
        self._url = url
        self._sign_in = sign_in
        self._renew = renew

    def open(self) -> Connection:
        """
        Open a connection; a refused sign-in is tried once more, and no other failure.

        Raises:
            psycopg2.OperationalError: If that fails.
        """
        with deadline.within(CONNECT_SECONDS):
            try:
                return self._opened()
            except psycopg2.OperationalError as error:
                if not says_sign_in_was_refused(error):
                    raise
            return self._opened_anew()

    def _opened_anew(self) -> Connection:
        self._renew()
        deadline.pause(_RENEWAL_SECONDS)
        try:
            return self._opened()
        except psycopg2.OperationalError as error:
            if says_sign_in_was_refused(error):
                observability.report("SignInRefused")
            raise

    def _opened(self) -> Connection:
        connection: Connection = psycopg2.connect(self._url, cursor_factory=CheckedCursor, **self._sign_in())
        connection.autocommit = True  # of the client only: it sends nothing, and BEGIN is sent by name
        return connection


def _wait(connection: Connection) -> None:
    """Wait for PostgreSQL no longer than the deadline: psycopg2 has no time-out of its own."""
    while (state := connection.poll()) != POLL_OK:
        poller = select.poll()
        poller.register(connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not poller.poll(deadline.remaining_seconds() * 1000):
            raise DeadlineError("PostgreSQL did not answer in time")
