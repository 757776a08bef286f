"""Each fault that the judge is there for is found where one is planted."""

from contextlib import suppress

import pytest
from psycopg2.extensions import connection as Connection
from roster.sessions.postgres import PostgresSessions
from roster.users import statements
from roster.users.postgres import PostgresUsers
from roster.users.repository import EmailTakenError

from benchmarks.plans import sample
from benchmarks.plans.cases.users import CASES
from benchmarks.plans.judge import judged
from benchmarks.plans.recorder import recording
from benchmarks.plans.run import complaints, run
from benchmarks.plans.sample import ORDINARY_ID
from tests.builders import a_new_user
from tests.servers import execute

_HASH = """
    WITH wide AS MATERIALIZED (SELECT request_id, repeat(request_id, 9) AS words FROM audit_events)
    SELECT max(a.words || b.words) FROM wide AS a JOIN wide AS b USING (request_id)
"""

pytestmark = pytest.mark.integration


def faults(connection: Connection, statement: str) -> str:
    with recording(connection) as database:
        database.fetch_all(statement)
    return "; ".join(judged(database.seen[0]).faults)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("SELECT id FROM users WHERE name = 'Ada Lovelace'", "reads all of users"),
        ("SELECT id FROM users WHERE lower(email) = 'user1@example.com'", "reads all of users"),
        ("SELECT max(created_at) FROM outbox", "reads all of outbox"),
        ("SELECT max(after::text) FROM (SELECT * FROM audit_events ORDER BY request_id) AS t", "Sort spills to disk"),
        (_HASH, "Hash spills to disk"),
        ("SELECT count(*) FROM (SELECT DISTINCT request_id FROM audit_events) AS t", "spills to disk"),
        ("SELECT sum(version) FROM (SELECT version FROM users ORDER BY id LIMIT 5000) AS t", "buffers for 1 rows"),
        ("SELECT name FROM users ORDER BY id LIMIT 20 OFFSET 40000", "buffers for 20 rows"),
        ("WITH t AS (UPDATE users SET version = 2 WHERE mod(id, 500) = 1) SELECT 1", "reads all of users"),
    ],
)
def test_a_planted_statement_is_found(connection: Connection, statement: str, fault: str) -> None:
    assert fault in faults(connection, statement)


@pytest.mark.parametrize(
    "statement",
    ["SELECT epoch FROM cache_control", "SELECT id FROM users ORDER BY id LIMIT 100", "SELECT now()"],
)
def test_a_good_statement_is_let_through(connection: Connection, statement: str) -> None:
    assert faults(connection, statement) == ""


def test_a_cascade_without_an_index_is_found_though_no_plan_shows_it(connection: Connection) -> None:
    with recording(connection) as database:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX used_refresh_tokens_of_session")
        PostgresSessions(lambda: database).remove(ORDINARY_ID, sample.session_id(ORDINARY_ID))
    assert "reads all of used_refresh_tokens" in judged(database.seen[0]).faults


def test_a_condition_that_no_index_serves_is_found_by_the_whole_run(
    loaded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "FIND", statements.FIND.replace("WHERE id =", "WHERE id + 0 ="))
    found = complaints(run(loaded_url, {"planted": CASES["a user"]}))
    assert "users.statements.FIND (planted) reads all of users" in found


def test_what_is_written_is_counted_and_nothing_of_it_stays(connection: Connection, loaded_url: str) -> None:
    before = execute(loaded_url, "SELECT count(*) FROM audit_events")
    with recording(connection) as database:
        PostgresUsers(lambda: database).add(a_new_user())
        with suppress(EmailTakenError):
            PostgresUsers(lambda: database).add(a_new_user())
    figures = judged(database.seen[0])
    assert (figures.rows, len(database.seen)) == (4, 1)
    assert figures.entries >= 8
    assert figures.buffers > 20
    assert execute(loaded_url, "SELECT count(*) FROM audit_events") == before
