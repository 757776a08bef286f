"""Loading the tables in batches, each with a note of how far it came, so that a second run goes on."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Protocol

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from roster.infrastructure import deadline

from benchmarks.plans.rows import Size, Table
from benchmarks.plans.tables import all_of


class Tick(Protocol):
    """Hears which table has how many rows more: loaded now, or found to be there."""

    def __call__(self, table: str, rows: int, *, is_new: bool) -> None: ...


_A_DAY = 86_400
_NOTES = (
    "CREATE SCHEMA IF NOT EXISTS loaded; CREATE TABLE IF NOT EXISTS loaded.until (name text PRIMARY KEY, number bigint)"
)
_NOTE = "INSERT INTO loaded.until VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET number = EXCLUDED.number"
_FINISHED = "vacuumed"
# The rows fit each other by how they are made; checking each foreign key would take most of the time.
_UNCHECKED = "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'"
_SEQUENCES = """
    SELECT pg_get_serial_sequence(%(name)s, attname) FROM pg_attribute
    WHERE attrelid = %(name)s::regclass AND attidentity <> ''
"""


def load(admin_url: str, size: Size, tick: Tick, batch: int = 50_000) -> None:
    """Load what is missing; *admin_url* is that of the superuser, on the database to load."""
    with _connected(admin_url) as connection:
        done = _done(connection)
        for table in all_of(size):
            tick(table.name, done.get(table.name, 0), is_new=False)
            for first, last in _batches(done.get(table.name, 0), table.numbers, batch):
                _insert(connection, table, size, first, last)
                done.pop(_FINISHED, None)
                tick(table.name, last - first + 1, is_new=True)
        if _FINISHED not in done:
            tick("VACUUM ANALYZE", 0, is_new=False)
            _finish(connection, size)


def _insert(connection: Connection, table: Table, size: Size, first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(table.statement, {**size._asdict(), "first": first, "last": last})
        cursor.execute(_NOTE, (table.name, last))
        cursor.execute("COMMIT")


def _batches(done: int, numbers: int, batch: int) -> Iterator[tuple[int, int]]:
    for first in range(done + 1, numbers + 1, batch):
        yield first, min(first + batch - 1, numbers)


def _done(connection: Connection) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_NOTES)
        cursor.execute("SELECT name, number FROM loaded.until")
        return dict(cursor.fetchall())


def _finish(connection: Connection, size: Size) -> None:
    with connection.cursor() as cursor:
        for table in all_of(size):
            cursor.execute(_SEQUENCES, {"name": table.name})
            for (sequence,) in cursor.fetchall():
                move = sql.SQL("SELECT setval(%s, (SELECT max(id) FROM {}))")
                cursor.execute(move.format(sql.Identifier(table.name)), (sequence,))
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        cursor.execute(_NOTE, (_FINISHED, 1))


@contextmanager
def _connected(admin_url: str) -> Iterator[Connection]:
    with deadline.within(_A_DAY), closing(psycopg2.connect(admin_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(_UNCHECKED)
        yield connection
