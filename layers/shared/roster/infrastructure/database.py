"""
PostgreSQL through psycopg2: one statement, or one transaction, within a deadline.

Nothing here leaves state on the server's session, because RDS Proxy would pin the connection to it: no SET,
no PREPARE, no named cursor, no session lock, no `options` in the address. Values are interpolated by the
client, reads run outside of any transaction, writes between BEGIN and COMMIT.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from roster.errors import ConflictError, MissingError, UnavailableError
from roster.infrastructure import commits, deadline, transactions
from roster.infrastructure.attempts import Attempts, Failure, LostConnectionError
from roster.infrastructure.connecting import DeadlineError, Door, Renew, SignIn
from roster.infrastructure.connections import Pool, PoolExhaustedError
from roster.infrastructure.database_errors import says_connection_is_dead, translated
from roster.infrastructure.transactions import CutCommitError

Row = tuple[Any, ...]
Parameters = Mapping[str, object]
Conflicts = Mapping[str, type[ConflictError] | type[MissingError]]
Result = TypeVar("Result")

WORK_SECONDS = 2.5


def _keep() -> None:
    """Know of no other secret."""


class Database:
    """
    Runs statements on a pool of connections, each piece of work within *work_seconds*.

    Work that is known not to have happened is done once more (`attempts`). Of a COMMIT that had no answer PostgreSQL
    is asked what became of it (`commits`), which may take that much longer.
    *sign_in* is asked at each connect for `user` and `password`, where they are not those of the address; *renew*
    is called when they were refused, and before they are asked for once more.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_max: int,
        idle_seconds: float,
        work_seconds: float = WORK_SECONDS,
        sign_in: SignIn = dict,
        renew: Renew = _keep,
    ) -> None:
        self._pool = Pool(Door(url, sign_in, renew).open, pool_max, idle_seconds)
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

        *work* may run several times, so it touches nothing but its cursor and this database: what it asks of that is
        a part of the same transaction. *conflicts* maps the names of constraints to the errors to raise.

        Raises:
            OutcomeUnknownError: If nobody can tell whether it was committed.
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
            return self._done(work)
        except PoolExhaustedError:
            raise UnavailableError from None
        except psycopg2.Error as error:
            raise translated(error, conflicts) from None

    def _done(self, work: Callable[[Connection], Result]) -> Result:
        ends_at, attempts = time.monotonic() + self._work_seconds, Attempts()
        while True:
            try:
                with deadline.until(ends_at):
                    return self._attempt(work, fresh=attempts.has_lost_one)
            except CutCommitError as cut:
                if commits.is_committed(cut.mark, lambda: self._pool.lease(fresh=True)):
                    result: Result = cut.result
                    return result
                failure: Failure = cut
            except (psycopg2.Error, LostConnectionError) as error:
                failure = error
            with deadline.until(ends_at):
                attempts.prepare_another(failure)

    def _attempt(self, work: Callable[[Connection], Result], *, fresh: bool) -> Result:
        with self._pool.lease(fresh=fresh) as lease:
            try:
                with transactions.lending(self, lease.connection) as connection:
                    return work(connection)
            except DeadlineError:
                raise
            except psycopg2.Error as error:
                if not says_connection_is_dead(error, lease.connection):
                    raise
                lease.connection.close()
                raise LostConnectionError(error, idled=not lease.is_new) from None


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
