"""
Plain SQL files, applied in order of their numbers, once each.

Each runs in one transaction that first locks the table of applied migrations: two runs at once take turns,
and the second finds the work done. That lock ends with the transaction, so RDS Proxy need not pin anything.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg2
from psycopg2.extensions import cursor as Cursor

from roster.errors import RosterError
from roster.infrastructure.database import Database
from roster.infrastructure.database_errors import DatabaseFaultError

FOLDER = Path(__file__).parent / "migration_files"

_CREATE_TABLE = """
    CREATE TABLE IF NOT EXISTS schema_migrations (
        number     integer        NOT NULL,
        name       text           NOT NULL,
        checksum   text           NOT NULL,
        applied_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT schema_migrations_pkey PRIMARY KEY (number)
    )
"""
_LOCK = "LOCK TABLE schema_migrations IN EXCLUSIVE MODE"
_FIND = "SELECT checksum FROM schema_migrations WHERE number = %(number)s"
_ADD = "INSERT INTO schema_migrations (number, name, checksum) VALUES (%(number)s, %(name)s, %(checksum)s)"


class MigrationChangedError(RosterError):
    """A migration was edited after it had been applied: add a new one instead."""

    code = "migration_changed"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.args = (f"{name} differs from what was applied",)


class MigrationFailedError(RosterError):
    """PostgreSQL refused a migration, nothing of which stays; says which, SQLSTATE and constraint, never values."""

    code = "migration_failed"

    def __init__(self, name: str, error: psycopg2.Error) -> None:
        super().__init__()
        self.args = (f"{name} failed with SQLSTATE {error.pgcode}, constraint {error.diag.constraint_name}",)


class Migration(NamedTuple):
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_all(folder: Path = FOLDER) -> list[Migration]:
    """Return the migrations of *folder* (`0001_users.sql`) in their order."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return [Migration(int(file.name[:4]), file.stem, file.read_text("utf-8")) for file in files]


def apply(database: Database, migrations: list[Migration]) -> Iterator[str]:
    """
    Apply what is not applied yet and yield each name once it is committed.

    Raises:
        MigrationFailedError: If one is refused; those before it stay.
        MigrationChangedError: If an applied one is not what it was; it and the ones after are left alone.
    """
    _create_table(database)
    for migration in migrations:
        if database.transaction(lambda cursor, migration=migration: _apply_one(cursor, migration)):  # type: ignore[misc]
            yield migration.name


def _create_table(database: Database) -> None:
    try:
        database.transaction(lambda cursor: cursor.execute(_CREATE_TABLE))
    except DatabaseFaultError:
        # Another run created it in the same moment, which IF NOT EXISTS does not see coming; now it does.
        database.transaction(lambda cursor: cursor.execute(_CREATE_TABLE))


def _apply_one(cursor: Cursor, migration: Migration) -> bool:
    cursor.execute(_LOCK)
    cursor.execute(_FIND, {"number": migration.number})
    applied = cursor.fetchone()
    if applied is not None:
        if applied[0] != migration.checksum:
            raise MigrationChangedError(migration.name)
        return False
    _run(cursor, migration)
    cursor.execute(_ADD, migration._asdict() | {"checksum": migration.checksum})
    return True


def _run(cursor: Cursor, migration: Migration) -> None:
    try:
        cursor.execute(migration.sql)
    except psycopg2.Error as error:
        if error.pgcode is None or cursor.connection.closed:
            raise  # the connection broke: the next run starts this migration anew
        raise MigrationFailedError(migration.name, error) from None
