"""Errors of PostgreSQL in words of the domain: by constraint, and never with a value in them."""

import traceback
from collections.abc import Iterator

import pytest
from psycopg2.extensions import cursor as Cursor
from roster.auth import address
from roster.errors import ConflictError, InvalidInputError, RosterError
from roster.infrastructure import observability
from roster.infrastructure.database import Database
from roster.infrastructure.database_errors import DatabaseFaultError
from roster.users.postgres import PostgresUsers
from roster.users.repository import EmailTakenError, NewUser

from tests.builders import a_new_user

pytestmark = pytest.mark.integration

CANARY = "canary-1f7d@example.com"
ADD = """
    INSERT INTO users (email, email_canonical, name, name_folded, role)
    VALUES (%(email)s, %(email)s, 'Ada', 'ada', %(role)s)
"""

STATEMENTS = {
    "a taken address": (ADD, {"email": CANARY, "role": "user"}, DatabaseFaultError),
    "a role that is none": (ADD, {"email": "b@example.com", "role": CANARY}, InvalidInputError),
    "a text where a number belongs": ("SELECT %(email)s::integer", {"email": CANARY}, InvalidInputError),
    "a NUL": ("SELECT %(email)s", {"email": f"{CANARY}\x00"}, InvalidInputError),
    "half a surrogate pair": ("SELECT %(email)s", {"email": f"{CANARY}\ud800"}, InvalidInputError),
    "a table that is not there": (
        "SELECT 1 FROM nowhere WHERE email = %(email)s",
        {"email": CANARY},
        DatabaseFaultError,
    ),
    "a syntax error": ("SELECT %(email)s FROM WHERE", {"email": CANARY}, DatabaseFaultError),
    "an error of the server's": ("DO $$ BEGIN RAISE 'canary-1f7d@example.com'; END $$", None, DatabaseFaultError),
}


class NotTwiceError(ConflictError):
    code = "not_twice"


def run(database: Database, statement: str, parameters: dict[str, str] | None) -> RosterError:
    with pytest.raises(RosterError) as caught:
        database.transaction(lambda cursor: cursor.execute(statement, parameters))
    return caught.value


@pytest.fixture
def database(emptied_database_url: str) -> Iterator[Database]:
    database = Database(emptied_database_url, pool_max=20, idle_seconds=30)
    yield database
    database.close()


@pytest.fixture
def occupied(database: Database) -> Database:
    """Return a database in which the canary's address is taken."""
    PostgresUsers(lambda: database).add(a_new_user(email=CANARY))
    return database


@pytest.mark.parametrize("fault", STATEMENTS)
def test_a_failed_statement_becomes_an_error_of_the_domain_and_the_database_works_on(
    occupied: Database, fault: str
) -> None:
    statement, parameters, kind = STATEMENTS[fault]
    assert type(run(occupied, statement, parameters)) is kind
    assert occupied.answers()


@pytest.mark.parametrize("fault", STATEMENTS)
def test_no_error_carries_a_value_not_even_in_its_traceback_or_the_log(
    occupied: Database, fault: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_EXCEPTION_MESSAGES", "yes")
    statement, parameters, _ = STATEMENTS[fault]
    error = run(occupied, statement, parameters)
    observability.log_fault(error)
    written = capsys.readouterr()
    told = [str(error), repr(error), repr(error.args), *traceback.format_exception(error), written.out, written.err]
    assert written.out, "the log is where this test looks"
    assert [text for text in told if "canary-1f7d" in text] == []


def test_a_unique_constraint_is_known_by_its_name(occupied: Database) -> None:
    def add(cursor: Cursor) -> None:
        cursor.execute(ADD, {"email": CANARY, "role": "user"})

    with pytest.raises(NotTwiceError):
        occupied.transaction(add, {"users_email_canonical_key": NotTwiceError})
    with pytest.raises(DatabaseFaultError, match="users_email_canonical_key"):
        occupied.transaction(add, {"another_key": NotTwiceError})


def test_a_taken_address_is_told_without_the_address(occupied: Database) -> None:
    with pytest.raises(EmailTakenError) as caught:
        PostgresUsers(lambda: occupied).add(NewUser(address.parse(CANARY), "Ada", "user", "no hash"))
    assert "canary" not in "".join(traceback.format_exception(caught.value))


def test_an_error_of_the_work_itself_undoes_the_transaction_and_comes_through(database: Database) -> None:
    def work(cursor: Cursor) -> None:
        cursor.execute("CREATE TABLE notes ()")
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        database.transaction(work)
    assert database.fetch_one("SELECT to_regclass('notes')") == (None,)
