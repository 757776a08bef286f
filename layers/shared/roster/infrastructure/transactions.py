"""One transaction on one connection: BEGIN, the work, COMMIT; a transaction within its work is a part of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_INTRANS
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from roster.infrastructure import commits
from roster.infrastructure.commits import Mark
from roster.infrastructure.database_errors import says_connection_is_dead

Result = TypeVar("Result")

_INSIDE = (TRANSACTION_STATUS_INTRANS, TRANSACTION_STATUS_INERROR)

_lent: ContextVar[tuple[object, Connection] | None] = ContextVar("lent", default=None)


class CutCommitError(Exception):
    """The connection broke while COMMIT was on its way; if that happened after all, *result* is true."""

    def __init__(self, mark: Mark, result: Any) -> None:
        super().__init__()
        self.mark = mark
        self.result = result


@contextmanager
def lending(lender: object, connection: Connection) -> Iterator[Connection]:
    """Let all that the block asks of *lender* run on this connection."""
    token = _lent.set((lender, connection))
    try:
        yield connection
    finally:
        _lent.reset(token)


def lent_by(lender: object) -> Connection | None:
    """Return the connection that the work at hand runs on, None if *lender* has lent it none."""
    lent = _lent.get()
    return lent[1] if lent and lent[0] is lender else None


def transact(connection: Connection, work: Callable[[Cursor], Result]) -> Result:
    with connection.cursor() as cursor:
        if connection.get_transaction_status() in _INSIDE:
            return work(cursor)
        cursor.execute("BEGIN")
        try:
            result = work(cursor)
            mark = commits.mark(cursor)
        except BaseException:
            _roll_back(cursor)
            raise
        if not _commit(cursor):
            raise CutCommitError(mark, result)
        return result


def _roll_back(cursor: Cursor) -> None:
    """Undo what was done; what went wrong before is what is told."""
    with suppress(psycopg2.Error):
        cursor.execute("ROLLBACK")


def _commit(cursor: Cursor) -> bool:
    """Return whether PostgreSQL answered; raises what it refused, which then has not happened."""
    try:
        cursor.execute("COMMIT")
    except psycopg2.Error as error:
        if error.pgcode is None or says_connection_is_dead(error, cursor.connection):
            return False
        raise
    return True
