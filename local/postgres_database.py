"""The database and the role that the local server gives to Roster."""

import contextlib

import psycopg2
from psycopg2 import sql

from local.ports import LOOPBACK

SUPERUSER = "postgres"
ROLE = DATABASE = "roster"


def url_of(role: str, password: str, port: int, database: str) -> str:
    return f"postgresql://{role}:{password}@{LOOPBACK}:{port}/{database}"


def accepts(url: str) -> bool:
    """Return whether the server behind *url* lets us in by now."""
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def make_database(admin_url: str, password: str) -> None:
    """Make the role, which is no superuser, and the database that it owns; what is there stays."""
    with contextlib.closing(psycopg2.connect(admin_url, connect_timeout=10)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", (ROLE,))
            if cursor.fetchone() == (0,):
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD %s").format(sql.Identifier(ROLE)), (password,))
            cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", (DATABASE,))
            if cursor.fetchone() == (0,):
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
                )
