"""Migrations on empty, half-made and current databases, one at a time and all at once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from roster.errors import RosterError
from roster.infrastructure import migrations
from roster.infrastructure.database import Database
from roster.infrastructure.migrations import Migration, MigrationChangedError

from tests.racing import race
from tests.servers import execute

pytestmark = pytest.mark.integration

NAMES = [migration.name for migration in migrations.read_all()]
LAYER = Path(migrations.__file__).parents[2]
FIRST = Migration(1, "0001_first", "CREATE TABLE first (text text)")
SECOND = Migration(2, "0002_second", "CREATE TABLE second (text text); INSERT INTO first VALUES ('second')")
BROKEN = Migration(2, "0002_second", "CREATE TABLE second (text text); INSERT INTO first VALUES ('x'); SELECT nonsense")
THIRD = Migration(3, "0003_third", "CREATE TABLE third (text text)")


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url, pool_max=8, idle_seconds=30, work_seconds=30)
    yield database
    database.close()


def apply(database: Database, *chosen: Migration) -> list[str]:
    return list(migrations.apply(database, list(chosen) or migrations.read_all()))


def tables(database: Database) -> set[str]:
    found = database.fetch_all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {name for (name,) in found} - {"schema_migrations"}


def recorded(database: Database) -> list[str]:
    return [name for (name,) in database.fetch_all("SELECT name FROM schema_migrations ORDER BY number")]


def test_an_empty_database_gets_every_migration_in_its_order(database: Database) -> None:
    assert apply(database) == NAMES
    assert recorded(database) == NAMES
    assert tables(database) == {
        *(
            "users",
            "user_passwords",
            "login_failures",
            "rate_limits",
            "audit_events",
            "orders",
            "order_items",
            "idempotency_keys",
            "sessions",
            "used_refresh_tokens",
            "outbox",
            "mailed_tokens",
            "pending_registrations",
            "second_factors",
            "recovery_codes",
            "login_challenges",
        ),
        "cache_control",
    }


def test_a_second_run_finds_nothing_to_do(database: Database) -> None:
    apply(database)
    assert apply(database) == []
    assert recorded(database) == NAMES


def test_a_new_migration_is_applied_to_what_is_there(database: Database) -> None:
    apply(database, FIRST)
    assert apply(database, FIRST, SECOND) == ["0002_second"]
    assert database.fetch_all("SELECT text FROM first") == [("second",)]


def test_code_that_is_older_than_the_database_leaves_it_alone(database: Database) -> None:
    apply(database, FIRST, SECOND)
    assert apply(database, FIRST) == []
    assert tables(database) == {"first", "second"}


def test_a_failing_migration_leaves_nothing_of_itself_and_those_before_stay(database: Database) -> None:
    with pytest.raises(RosterError):
        apply(database, FIRST, BROKEN, THIRD)
    assert tables(database) == {"first"}
    assert recorded(database) == ["0001_first"]
    assert database.fetch_all("SELECT * FROM first") == []


def test_a_failed_migration_can_be_mended_and_applied(database: Database) -> None:
    with pytest.raises(RosterError):
        apply(database, FIRST, BROKEN, THIRD)
    assert apply(database, FIRST, SECOND, THIRD) == ["0002_second", "0003_third"]


def test_an_edited_migration_is_named_and_neither_it_nor_the_next_is_applied(database: Database) -> None:
    apply(database, FIRST)
    edited = FIRST._replace(sql="CREATE TABLE another (text text)")
    with pytest.raises(MigrationChangedError, match="0001_first"):
        apply(database, edited, SECOND)
    assert tables(database) == {"first"}


@pytest.mark.parametrize("sql", ["SELECT 'a%'", "SELECT '%s %(x)s'", "SELECT 1 -- 100 %", "SELECT 'é 🦊'"])
def test_sql_is_sent_as_it_is_written(database: Database, sql: str) -> None:
    assert apply(database, Migration(1, "0001_signs", sql)) == ["0001_signs"]


@pytest.mark.parametrize("runs", [2, 8])
def test_of_many_runs_at_once_each_migration_is_applied_by_one(database: Database, runs: int) -> None:
    applied = race(runs, lambda _: apply(database, FIRST, SECOND, THIRD))
    assert sorted(name for names in applied for name in names) == ["0001_first", "0002_second", "0003_third"]
    assert database.fetch_all("SELECT text FROM first") == [("second",)]


def test_processes_that_migrate_at_once_do_not_disturb_each_other(database: Database, empty_database_url: str) -> None:
    code = "import json; from roster.wiring import migrations; print(json.dumps(migrations.migrate()))"
    environment = {**os.environ, "DATABASE_URL": empty_database_url, "PYTHONPATH": str(LAYER)}

    command = [sys.executable, "-c", code]
    processes = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(4)]
    applied = [json.loads(process.communicate()[0]) for process in processes]
    assert sorted(name for names in applied for name in names) == NAMES
    assert recorded(database) == NAMES


def test_who_migrates_waits_for_a_run_in_progress_and_then_finds_the_work_done(
    database: Database, empty_database_url: str
) -> None:
    apply(database, FIRST)
    slow = Migration(2, "0002_slow", "SELECT pg_sleep(0.5); CREATE TABLE second (text text)")
    applied = race(2, lambda _: apply(database, FIRST, slow))
    assert sorted(applied) == [[], ["0002_slow"]]
    assert execute(empty_database_url, "SELECT count(*) FROM schema_migrations") == [(2,)]
