"""A database that explains each statement which an adapter sends, runs it, and takes everything back."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from roster.infrastructure import deadline
from roster.infrastructure.database import Conflicts, Database, Parameters, Result, Row

from benchmarks.plans import counters
from benchmarks.plans.counters import Done

_AN_HOUR = 3600
_EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "


class Seen(NamedTuple):
    """
    One statement that was run: its text, what PostgreSQL says of it, and what its counters say.

    *sent* is the text with its values.
    """

    text: str
    sent: str
    explained: dict[str, Any]
    planning: Done
    done: Done


class RecordingDatabase(Database):
    """
    Does the work of `Database` on one connection, in one transaction that nobody commits.

    Each statement is explained first, which runs it; that is rolled back, and it runs again for its caller.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.seen: list[Seen] = []

    def fetch_all(self, statement: str, parameters: Parameters | None = None) -> list[Row]:
        return self.transaction(lambda cursor: _fetched(cursor, statement, parameters))

    def transaction(self, work: Callable[[Cursor], Result], conflicts: Conflicts | None = None) -> Result:
        with self._connection.cursor() as plain, self._cursor() as cursor:
            plain.execute("SAVEPOINT work")
            try:
                return work(cursor)
            except BaseException as error:
                plain.execute("ROLLBACK TO SAVEPOINT work")
                raise _in_words_of_the_domain(error, conflicts or {}) from error

    def close(self) -> None:
        """Do nothing: the connection is its owner's."""

    def _cursor(self) -> "_ExplainingCursor":
        cursor: _ExplainingCursor = self._connection.cursor(cursor_factory=_ExplainingCursor)
        cursor.seen = self.seen
        return cursor


class _ExplainingCursor(Cursor):
    seen: list[Seen]

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 (the driver's name)
        with self.connection.cursor() as plain:
            plain.execute("SAVEPOINT explained")
            try:
                self.seen.append(_explained(plain, query, vars))
            except psycopg2.Error:
                pass  # it fails for its caller as well
            finally:
                plain.execute("ROLLBACK TO SAVEPOINT explained")
        super().execute(query, vars)


def _explained(cursor: Cursor, statement: str, parameters: Any) -> Seen:
    # The first time, what is dead is marked, such as rows that another case took back.
    cursor.execute(f"{_EXPLAIN if _reads(statement) else 'EXPLAIN '}{statement}", parameters)
    _, planning = _counted(cursor, f"EXPLAIN {statement}", parameters)
    (((explained,),),), both = _counted(cursor, _EXPLAIN + statement, parameters)
    sent = cursor.mogrify(statement, parameters).decode()
    return Seen(statement, sent, explained, planning, both.since(planning))


def _reads(statement: str) -> bool:
    return statement.lstrip().startswith("SELECT")


def _counted(cursor: Cursor, statement: str, parameters: Any) -> tuple[list[Row], Done]:
    before = counters.read(cursor)
    cursor.execute(statement, parameters)
    return cursor.fetchall(), counters.read(cursor).since(before)


def _fetched(cursor: Cursor, statement: str, parameters: Parameters | None) -> list[Row]:
    cursor.execute(statement, parameters)
    return cursor.fetchall()


def _in_words_of_the_domain(error: BaseException, conflicts: Conflicts) -> BaseException:
    """Return the domain's error for a conflict; whatever else went wrong is a case's own fault, and shown as it is."""
    constraint = error.diag.constraint_name if isinstance(error, psycopg2.Error) else None
    return conflicts[constraint]() if constraint is not None and constraint in conflicts else error


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Yield the connection that `recording` wants; after the first statements it knows the catalogue."""
    with deadline.within(_AN_HOUR), closing(psycopg2.connect(url, application_name="benchmarks")) as connection:
        yield connection


@contextmanager
def recording(connection: Connection) -> Iterator[RecordingDatabase]:
    """Yield a recording database; nothing of what is done on it stays."""
    try:
        yield RecordingDatabase(connection)
    finally:
        connection.rollback()
