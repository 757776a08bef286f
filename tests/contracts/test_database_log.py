"""What PostgreSQL logs with the settings of the template: that something was slow or failed, and nobody's values."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from roster.infrastructure.database import Database
from roster.users.postgres import PostgresUsers
from roster.users.repository import EmailTakenError

from tests.builders import a_new_user
from tests.servers import Postgres, connected
from tests.structure import project

pytestmark = pytest.mark.integration

EMAIL = "whose-is-this@example.com"
# What RDS alone knows, or takes from the size of its server.
_OF_RDS = ("rds.", "max_connections")


def settings() -> dict[str, str]:
    parameters = project.template()["Resources"]["DatabaseParameters"]["Properties"]["Parameters"]
    return {name: str(value) for name, value in parameters.items() if not name.startswith(_OF_RDS)}


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with contextlib.closing(Postgres(18, {"log_statement": "none", **settings()})) as server:
        yield server


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield url


def log_of(postgres: Postgres) -> str:
    return "\n".join(each.read_text("utf-8", "replace") for each in Path(postgres.folder).rglob("postgres.log"))


def test_a_refused_registration_is_logged_without_its_address(postgres: Postgres, url: str) -> None:
    database = Database(url, pool_max=1, idle_seconds=30)
    users = PostgresUsers(lambda: database)
    users.add(a_new_user(EMAIL))
    with pytest.raises(EmailTakenError):
        users.add(a_new_user(EMAIL))
    database.close()
    assert "duplicate key value violates unique constraint" in log_of(postgres)
    assert EMAIL not in log_of(postgres)


def test_a_slow_statement_is_logged(postgres: Postgres) -> None:
    with connected(postgres.server.admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.6)")
    assert "pg_sleep(0.6)" in log_of(postgres)


@pytest.mark.parametrize(
    "weaker",
    ["log_min_error_statement = error", "log_error_verbosity = 'default'", "log_statement = 'all'"],
)
def test_with_weaker_settings_the_address_is_in_the_log(weaker: str, postgres: Postgres) -> None:
    email = f"{len(weaker)}@example.com"
    with connected(postgres.server.admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE addresses (email text PRIMARY KEY)")
        cursor.execute(f"SET {weaker}")
        with contextlib.suppress(psycopg2.IntegrityError):
            for _ in range(2):
                cursor.execute("INSERT INTO addresses VALUES (%s)", (email,))
    assert email in log_of(postgres)
