"""The database and the roles that the local server gives to Roster."""

import contextlib
from collections.abc import Iterator

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from local.ports import LOOPBACK

SUPERUSER = "postgres"
ROLE = DATABASE = "roster"
READER, WRITER = "roster_reader", "roster_writer"


def url_of(role: str, password: str, port: int, database: str) -> str:
    return f"postgresql://{role}:{password}@{LOOPBACK}:{port}/{database}"


def accepts(url: str) -> bool:
    """Return whether the server behind *url* lets us in by now."""
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def make_database(admin_url: str, owner_url: str, password: str) -> None:
    """Make the database, the role that owns it and is no superuser, and those of functions; what is there stays."""
    with _executing(admin_url) as cursor:
        if not _is_there(cursor, "SELECT FROM pg_roles WHERE rolname = %s", ROLE):
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD %s").format(sql.Identifier(ROLE)), (password,))
        cursor.execute(sql.SQL("ALTER ROLE {} CREATEROLE").format(sql.Identifier(ROLE)))  # older clusters lack it
        if not _is_there(cursor, "SELECT FROM pg_database WHERE datname = %s", DATABASE):
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            cursor.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))
    _make_roles_of_functions(owner_url, password)


def _make_roles_of_functions(owner_url: str, password: str) -> None:
    """Let the owner make them, who may then change them: the migration adds what is the same everywhere."""
    with _executing(owner_url) as cursor:
        for role in (READER, WRITER):
            if not _is_there(cursor, "SELECT FROM pg_roles WHERE rolname = %s", role):
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(role)), (password,))


@contextlib.contextmanager
def _executing(url: str) -> Iterator[Cursor]:
    with contextlib.closing(psycopg2.connect(url, connect_timeout=10)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def _is_there(cursor: Cursor, query: str, name: str) -> bool:
    cursor.execute(query, (name,))
    return cursor.fetchone() is not None
