"""Whatever the previous release sends, this release's schema takes: old code goes on while a deployment runs."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from benchmarks.plans import released
from local.postgres_database import READER, WRITER
from tests.plans.conftest import superuser_url
from tests.roles.stated import SETTINGS
from tests.servers import Servers, connected

pytestmark = pytest.mark.integration

RELEASED = released.read()
# What a migration might do in a hurry, and a statement or two of the release no longer works.
PLANTED = [
    "ALTER TABLE users DROP COLUMN email_verified",
    "ALTER TABLE orders RENAME COLUMN currency TO money",
    "ALTER TABLE sessions RENAME TO logins",
    "ALTER TABLE outbox ADD COLUMN badge text NOT NULL DEFAULT ''; ALTER TABLE outbox ALTER badge DROP DEFAULT",
    "ALTER TABLE sessions ALTER user_agent TYPE integer USING 0",
    "ALTER TABLE outbox ADD CONSTRAINT planted CHECK (attempts > 0) NOT VALID",
    "ALTER TABLE users DROP CONSTRAINT users_email_canonical_key",
    "REVOKE SELECT ON audit_events FROM roster_reader",
    "REVOKE INSERT ON sessions FROM roster_writer",
    "REVOKE UPDATE (recent_moves) ON cache_control FROM roster_reader",
]


@pytest.fixture
def cursor(loaded_url: str, servers: Servers) -> Iterator[Cursor]:
    """Open the loaded database as the superuser, who can be anybody; nothing of what is done stays."""
    with connected(superuser_url(servers.postgres(18), loaded_url)) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        yield cursor
        cursor.execute("ROLLBACK")


def refused(cursor: Cursor, cases: dict[str, Any]) -> list[str]:
    """Return the cases in which a statement fails, or finds nothing where it found something."""
    return [f"{name}: {problem}" for name, case in cases.items() if (problem := _problem(cursor, case))]


def _problem(cursor: Cursor, case: dict[str, Any]) -> str | None:
    cursor.execute("SAVEPOINT before")
    try:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(case["role"])))
        for sent in case["sent"]:
            cursor.execute(sent["statement"])
            if sent["has_rows"] and cursor.rowcount < 1:
                return f"no row for {sent['statement'][:80]!r}"
    except psycopg2.Error as error:
        return f"{error.pgcode} {error.diag.message_primary}"
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT before")
    return None


def test_every_statement_of_the_previous_release_works(cursor: Cursor) -> None:
    assert refused(cursor, RELEASED["cases"]) == []
    assert {case["role"] for case in RELEASED["cases"].values()} == {READER, WRITER}
    assert sum(len(case["sent"]) for case in RELEASED["cases"].values()) > 100


@pytest.mark.parametrize("change", PLANTED)
def test_a_change_that_breaks_the_previous_release_is_found(cursor: Cursor, change: str) -> None:
    cursor.execute(change)
    assert refused(cursor, RELEASED["cases"])


def test_the_roles_have_no_other_time_limits_than_they_had() -> None:
    limits = sorted(f"{name}={value}" for name, value in SETTINGS.items())
    assert {role: sorted(settings) for role, settings in RELEASED["settings"].items()} == {
        READER: limits,
        WRITER: limits,
    }
