"""What a client of PgBouncer left on the session of the server, seen by the client that gets it next."""

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg2
from psycopg2.extensions import cursor as Cursor

from local.postgres_database import READER, ROLE, WRITER, url_of
from local.processes import keep_going, wait_until
from tests.pgbouncer import PgBouncer

POOL_SIZE = 20
_SECONDS = 2  # for PgBouncer to close what a client left in the middle of a transaction
_NOW = "SELECT clock_timestamp()"
# Whoever worked since then, tests and the look-up of passwords apart.
_USED = """
    SELECT datname, usename, pid, state FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND application_name = '' AND usename = ANY(%s) AND state_change > %s
"""
_END = "SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::integer[]) AS pid"
_LEFT = """
    SELECT pg_backend_pid(), ARRAY(
        SELECT 'the setting ' || name FROM pg_settings WHERE source = 'session'
        UNION ALL SELECT 'the prepared statement ' || name FROM pg_prepared_statements
        UNION ALL SELECT 'the cursor ' || name FROM pg_cursors
        UNION ALL SELECT 'the channel ' || name FROM pg_listening_channels() AS name
        UNION ALL SELECT 'an advisory lock' FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
        UNION ALL SELECT 'the temporary ' || relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()
    )
"""


class Backend(NamedTuple):
    database: str
    role: str
    pid: int
    state: str


class Witness:
    """Looks at the sessions of a server that PgBouncer has lent since it looked last."""

    def __init__(self, admin_url: str, bouncer: PgBouncer, password: str) -> None:
        self._bouncer, self._password = bouncer, password
        # One connection for all tests: to open one takes longer than to ask.
        self._admin = psycopg2.connect(admin_url, connect_timeout=5, application_name="tests")
        self._admin.autocommit = True
        self._looked: object = "-infinity"

    def close(self) -> None:
        self._admin.close()

    def found(self) -> list[str]:
        """Return what was left there; those sessions end, so that nobody else is blamed."""
        used = self._used()
        if not used:
            return []
        if any(_is_open(backend) for backend in used):
            wait_until(lambda: not any(_is_open(backend) for backend in self._used()), _SECONDS, keep_going)
            used = self._used()
        left = {backend: ["an open transaction"] for backend in used if _is_open(backend)}
        for database, role in {(each.database, each.role) for each in used}:
            idle = {each.pid: each for each in used if each[:2] == (database, role) and each.state == "idle"}
            left |= {idle[pid]: what for pid, what in self._left_on(database, role, {*idle}).items() if pid in idle}
        self._ask(_END, [backend.pid for backend, what in left.items() if what])
        ((self._looked,),) = self._ask(_NOW)
        return [f"{each}, by {backend.role}" for backend, what in left.items() for each in what]

    def _used(self) -> list[Backend]:
        return [Backend(*row) for row in self._ask(_USED, [ROLE, READER, WRITER], self._looked)]

    def _ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._admin.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall()

    def _left_on(self, database: str, role: str, pids: set[int]) -> dict[int, list[str]]:
        """Borrow sessions, and keep them, until these are among them."""
        found: dict[int, list[str]] = {}
        url = self._bouncer.url_of(url_of(role, self._password, 0, database))
        with contextlib.ExitStack() as stack:
            while pids - found.keys() and len(found) < POOL_SIZE:
                cursor = stack.enter_context(_borrowing(url))
                cursor.execute(_LEFT)
                pid, found[pid] = cursor.fetchall()[0]
        return found


def _is_open(backend: Backend) -> bool:
    return backend.state.startswith("idle in transaction")


@contextlib.contextmanager
def _borrowing(url: str) -> Iterator[Cursor]:
    """Hold a session of the server by a transaction, and give it back as it was."""
    with contextlib.closing(psycopg2.connect(url, connect_timeout=5)) as connection:
        with connection.cursor() as cursor:
            yield cursor
        connection.rollback()
