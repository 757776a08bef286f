"""
Adapters that do what pins RDS Proxy, for a run of pytest of its own; `test_pinning.py` tells what must come of it.

Nobody collects this file but who names it.
"""

import contextlib
from collections.abc import Iterator

import psycopg2
import pytest
from roster.infrastructure.connections import Lease
from roster.infrastructure.database import Database

from tests.pinning.pooled import VERSION
from tests.pinning.test_pins import PINS
from tests.servers import VERSIONS, Servers, execute
from tools import pgbouncer

# What has to go before, where PostgreSQL would refuse it otherwise. What it refuses was sent all the same.
BEFORE = {"EXECUTE x": "PREPARE x AS SELECT 1", "FETCH ALL FROM c": "DECLARE c CURSOR WITH HOLD FOR SELECT 1"}
# What stays on a session, and how it is told.
LEAKS = {
    "SET statement_timeout = 0": "the setting statement_timeout",
    "SELECT set_config('work_mem', '1MB', false)": "the setting work_mem",
    "PREPARE x AS SELECT 1": "the prepared statement x",
    "DECLARE c CURSOR WITH HOLD FOR SELECT 1": "the cursor c",
    "LISTEN news": "the channel news",
    "SELECT pg_advisory_lock(1)": "an advisory lock",
    "CREATE TEMP TABLE x ()": "the temporary x",
    "CREATE TEMP SEQUENCE x": "the temporary x",
    "DO $$ BEGIN PERFORM pg_advisory_lock(1); END $$": "an advisory lock",
    "BEGIN": "an open transaction",
}

_kept: list[contextlib.AbstractContextManager[Lease]] = []


@pytest.fixture
def url(servers: Servers) -> str:
    return servers.postgres(18).emptied()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url, pool_max=1, idle_seconds=30)
    yield database
    database.close()


def send(database: Database, *statements: str) -> None:
    """Send this whatever comes of it; the connection stays open."""
    lending = database._pool.lease(fresh=True)
    _kept.append(lending)
    with lending.__enter__().connection.cursor() as cursor, contextlib.suppress(psycopg2.Error):
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize("statement", PINS)
def test_planted(statement: str, database: Database) -> None:
    send(database, BEFORE.get(statement, "SELECT 1"), statement)


@pytest.mark.parametrize("statement", LEAKS)
def test_leaking(statement: str, servers: Servers) -> None:
    if pgbouncer.found() is None:
        pytest.skip(pgbouncer.MISSING)
    send(Database(servers.postgres(VERSION).emptied(), pool_max=1, idle_seconds=30), statement)


@pytest.mark.parametrize("version", VERSIONS)
def test_clean(version: int, servers: Servers) -> None:
    with contextlib.closing(Database(servers.postgres(version).emptied(), pool_max=2, idle_seconds=30)) as database:
        use(database)


def use(database: Database) -> None:
    assert database.answers()
    assert database.fetch_one("SELECT %(text)s", {"text": "'; SET x = 1"}) == ("'; SET x = 1",)
    assert (
        database.transaction(lambda cursor: cursor.execute("INSERT INTO users SELECT FROM users WHERE false")) is None
    )


def test_sent_by_a_test(url: str) -> None:
    execute(url, "SET x.y = 1")
