"""
PostgreSQL through psycopg2: one statement, or one transaction, within a deadline.

Nothing here leaves state on the server's session, because RDS Proxy would pin the connection to it: no SET,
no PREPARE, no named cursor, no session lock, no `options` in the address. Values are interpolated by the
client, reads run outside of any transaction, writes between BEGIN and COMMIT.
"""

import select
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from roster.errors import ConflictError, OutcomeUnknownError, UnavailableError
from roster.infrastructure import deadline, transactions
from roster.infrastructure.connections import Pool, PoolExhaustedError
from roster.infrastructure.database_errors import CheckedCursor, says_connection_is_dead, translated
from roster.infrastructure.transactions import CutCommitError

Row = tuple[Any, ...]
Parameters = Mapping[str, object]
Conflicts = Mapping[str, type[ConflictError]]
SignIn = Callable[[], Mapping[str, Any]]
Result = TypeVar("Result")

CONNECT_SECONDS = 1.5
WORK_SECONDS = 2.5


class DeadlineError(psycopg2.OperationalError):
    """PostgreSQL did not answer before the deadline."""


class _DeadConnectionError(Exception):
    """A connection from the pool had died while it idled; nothing was committed on it."""


class Database:
    """
    Runs statements on a pool of connections, each piece of work within *work_seconds*.

    A connection that died while it idled is replaced and the work done once more: nothing was committed.
    *sign_in* is asked at each connect for `user` and `password`, where they are not those of the address.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_max: int,
        idle_seconds: float,
        work_seconds: float = WORK_SECONDS,
        sign_in: SignIn = dict,
    ) -> None:
        set_wait_callback(_wait)
        self._pool = Pool(lambda: _connect(url, sign_in()), pool_max, idle_seconds)
        self._work_seconds = work_seconds

    def fetch_one(self, statement: str, parameters: Parameters | None = None) -> Row | None:
        """Run one reading statement outside of any transaction and return its first row."""
        rows = self.fetch_all(statement, parameters)
        return rows[0] if rows else None

    def fetch_all(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        """Run one reading statement outside of any transaction and return its rows."""
        return self._run(lambda connection: _fetch(connection, statement, parameters), {})

    def transaction(self, work: Callable[[Cursor], Result], conflicts: Conflicts | None = None) -> Result:
        """
        Run *work* in one transaction and return what it returned, once that is committed.

        *work* may run twice, so it touches nothing but its cursor and this database: what it asks of that is a part
        of the same transaction. *conflicts* maps the names of unique constraints to the errors to raise.
        """
        return self._run(lambda connection: transactions.transact(connection, work), conflicts or {})

    def answers(self) -> bool:
        """Return whether a trivial statement is answered as it should be."""
        return self.fetch_one("SELECT 1") == (1,)

    def close(self) -> None:
        """Close the connections; those in use follow when their work is done."""
        self._pool.close()

    def _run(self, work: Callable[[Connection], Result], conflicts: Conflicts) -> Result:
        lent = transactions.lent_by(self)
        if lent is not None:
            return _joined(lent, work, conflicts)
        try:
            with deadline.within(self._work_seconds):
                try:
                    return self._attempt(work, fresh=False)
                except _DeadConnectionError:
                    return self._attempt(work, fresh=True)
        except PoolExhaustedError:
            raise UnavailableError from None
        except CutCommitError:
            raise OutcomeUnknownError from None
        except psycopg2.Error as error:
            raise translated(error, conflicts) from None

    def _attempt(self, work: Callable[[Connection], Result], *, fresh: bool) -> Result:
        with self._pool.lease(fresh=fresh) as lease:
            try:
                with transactions.lending(self, lease.connection) as connection:
                    return work(connection)
            except DeadlineError:
                raise
            except psycopg2.Error as error:
                if lease.is_new or not says_connection_is_dead(error, lease.connection):
                    raise
                raise _DeadConnectionError from None


def _connect(url: str, signing_in: Mapping[str, Any]) -> Connection:
    with deadline.within(CONNECT_SECONDS):
        connection: Connection = psycopg2.connect(url, cursor_factory=CheckedCursor, **signing_in)
    connection.autocommit = True  # of the client only: it sends nothing, and BEGIN is sent by name below
    return connection


def _fetch(connection: Connection, statement: str, parameters: Parameters | None) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _joined(connection: Connection, work: Callable[[Connection], Result], conflicts: Conflicts) -> Result:
    """Run a part of a transaction; what is no conflict of this part is for whoever began the whole."""
    try:
        return work(connection)
    except psycopg2.IntegrityError as error:
        if error.diag.constraint_name in conflicts:
            raise translated(error, conflicts) from None
        raise


def _wait(connection: Connection) -> None:
    """Wait for PostgreSQL no longer than the deadline: psycopg2 has no time-out of its own."""
    while (state := connection.poll()) != POLL_OK:
        poller = select.poll()
        poller.register(connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not poller.poll(deadline.remaining_seconds() * 1000):
            raise DeadlineError("PostgreSQL did not answer in time")
