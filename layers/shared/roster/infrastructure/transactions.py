"""One transaction on one connection: BEGIN, the work, COMMIT; a transaction within its work is a part of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_INTRANS
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

Result = TypeVar("Result")

_INSIDE = (TRANSACTION_STATUS_INTRANS, TRANSACTION_STATUS_INERROR)

_lent: ContextVar[tuple[object, Connection] | None] = ContextVar("lent", default=None)


class CutCommitError(Exception):
    """The connection broke while COMMIT was on its way."""


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
        except BaseException:
            if not connection.closed:
                cursor.execute("ROLLBACK")
            raise
        _commit(cursor)
        return result


def _commit(cursor: Cursor) -> None:
    try:
        cursor.execute("COMMIT")
    except psycopg2.Error as error:
        if error.pgcode is None or cursor.connection.closed:
            raise CutCommitError from None
        raise
