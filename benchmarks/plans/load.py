"""Loading the tables in batches, each with a note of how far it came, so that a second run goes on."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Protocol

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from roster.infrastructure import deadline

from benchmarks.plans import indexes
from benchmarks.plans.rows import Size, Table
from benchmarks.plans.tables import all_of, making


class Tick(Protocol):
    """Hears which table has how many rows more: loaded now, or found to be there."""

    def __call__(self, table: str, rows: int, *, is_new: bool) -> None: ...


_A_DAY = 86_400
_NOTES = """
    CREATE SCHEMA IF NOT EXISTS loaded;
    CREATE TABLE IF NOT EXISTS loaded.until (name text PRIMARY KEY, making text NOT NULL, number bigint NOT NULL)
"""
_NOTE = """
    INSERT INTO loaded.until VALUES (%(name)s, %(making)s, %(number)s)
    ON CONFLICT (name) DO UPDATE SET making = EXCLUDED.making, number = EXCLUDED.number
"""
_FINISHED = Table("vacuumed", 1, "VACUUM ANALYZE")
# The rows fit each other by how they are made; checking each foreign key would take most of the time.
_UNCHECKED = "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'"
_SEQUENCES = """
    SELECT pg_get_serial_sequence(%(name)s, attname) FROM pg_attribute
    WHERE attrelid = %(name)s::regclass AND attidentity <> ''
"""


def load(admin_url: str, size: Size, tick: Tick, batch: int = 50_000) -> None:
    """Load what is missing; *admin_url* is that of the superuser, on the database to load."""
    with _connected(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute(_NOTES)
        for table in all_of(size):
            done = _done(cursor, table)
            tick(table.name, done, is_new=False)
            if done < table.numbers:
                indexes.put_aside(cursor, table.name)
            for first, last in _batches(done, table.numbers, batch):
                _insert(cursor, table, size, first, last)
                tick(table.name, last - first + 1, is_new=True)
            indexes.put_back(cursor, table.name)
        if not _done(cursor, _FINISHED):
            tick(_FINISHED.name, 0, is_new=False)
            _finish(cursor, size)


def _done(cursor: Cursor, table: Table) -> int:
    """Return how many numbers are loaded; rows that were made otherwise go."""
    cursor.execute("SELECT making, number FROM loaded.until WHERE name = %s", (table.name,))
    found = cursor.fetchone()
    if found is None:
        return 0
    if found[0] == making(table):
        return int(found[1])
    cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
    cursor.execute(sql.SQL("VACUUM FULL {}").format(sql.Identifier(table.name)))
    return 0


def _insert(cursor: Cursor, table: Table, size: Size, first: int, last: int) -> None:
    cursor.execute("BEGIN")
    cursor.execute(table.statement, {**size._asdict(), "first": first, "last": last})
    _note(cursor, table, last)
    _note(cursor, _FINISHED, 0)
    cursor.execute("COMMIT")


def _note(cursor: Cursor, table: Table, number: int) -> None:
    cursor.execute(_NOTE, {"name": table.name, "making": making(table), "number": number})


def _batches(done: int, numbers: int, batch: int) -> Iterator[tuple[int, int]]:
    for first in range(done + 1, numbers + 1, batch):
        yield first, min(first + batch - 1, numbers)


def _finish(cursor: Cursor, size: Size) -> None:
    for table in all_of(size):
        cursor.execute(_SEQUENCES, {"name": table.name})
        for (sequence,) in cursor.fetchall():
            move = sql.SQL("SELECT setval(%s, (SELECT max(id) FROM {}))")
            cursor.execute(move.format(sql.Identifier(table.name)), (sequence,))
    cursor.execute(_FINISHED.statement)
    cursor.execute("CHECKPOINT")
    _note(cursor, _FINISHED, 1)


@contextmanager
def _connected(admin_url: str) -> Iterator[Connection]:
    with deadline.within(_A_DAY), closing(psycopg2.connect(admin_url, application_name="benchmarks")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(_UNCHECKED)
        yield connection
