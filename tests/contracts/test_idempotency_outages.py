"""First answers when connections break: whatever became of the first try, the next tells, and nothing happens twice."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from roster.errors import OutcomeUnknownError, UnavailableError
from roster.idempotency import scopes, statements
from roster.idempotency.models import Answer, IdempotencyKey, Kind
from roster.idempotency.postgres import PostgresAnswers
from roster.idempotency.repository import RequestInFlightError
from roster.infrastructure import commits
from roster.infrastructure.database import Database
from roster.users.models import User
from roster.users.postgres import PostgresUsers

from local.processes import keep_going, wait_until
from tests.builders import a_new_user
from tests.fault_proxy import FaultProxy, fault_proxy
from tests.servers import at_port, connected, execute

pytestmark = pytest.mark.integration

A_USER = Kind[User](User, lambda user: user.id)
KEY = IdempotencyKey("a key", bytes(32))
VALUES = {"scope": "…", "key": KEY.name, "fingerprint": KEY.fingerprint}


@pytest.fixture
def proxy(database_url: str) -> Iterator[FaultProxy]:
    with fault_proxy(urlsplit(database_url).port) as proxy:
        yield proxy


@pytest.fixture
def database(database_url: str, proxy: FaultProxy) -> Iterator[Database]:
    """Open a database behind the proxy, as a fresh environment does."""
    database = Database(at_port(database_url, proxy.port), pool_max=1, idle_seconds=30)
    yield database
    database.close()


def register(
    database: Database, email: str = "ada@example.com", then: Callable[[], None] | None = None
) -> Answer[User]:
    def effect() -> User:
        user = PostgresUsers(lambda: database).add(a_new_user(email))
        if then:
            then()
        return user

    return PostgresAnswers(lambda: database).first(KEY, A_USER, effect)


def users(url: str) -> list[tuple[object, ...]]:
    return execute(url, "SELECT email FROM users")


def insisting(database: Database, email: str) -> Answer[User]:
    """Send the request until nobody else is at it: PostgreSQL may notice late that a client has gone."""
    answers: list[Answer[User]] = []

    def answered() -> bool:
        try:
            answers.append(register(database, email))
        except RequestInFlightError:
            return False
        return True

    assert wait_until(answered, 5, keep_going)
    return answers[0]


@pytest.mark.parametrize("hands_on", [True, False], ids=["COMMIT arrived", "COMMIT was lost"])
@pytest.mark.parametrize("occurrence", [1, 2], ids=["of the name", "of the effect"])
def test_a_try_that_was_cut_at_its_commit_is_answered_once_and_truly(
    occurrence: int, hands_on: bool, database: Database, database_url: str, proxy: FaultProxy
) -> None:
    proxy.cut_at(b"COMMIT", occurrence=occurrence, hands_on=hands_on)
    answer = register(database)
    assert not answer.is_replayed
    assert users(database_url) == [("ada@example.com",)]
    assert register(database, "again@example.com") == Answer(answer.item, True)


@pytest.mark.parametrize("hands_on", [True, False], ids=["COMMIT arrived", "COMMIT was lost"])
def test_a_try_of_which_nobody_knows_what_became_is_resolved_by_the_next(
    hands_on: bool, database: Database, database_url: str, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "SETTLE_SECONDS", 0)
    proxy.cut_at(b"COMMIT", occurrence=2, hands_on=hands_on)  # the first one is of the name
    with pytest.raises(OutcomeUnknownError):
        register(database)
    answer = insisting(database, "ada@example.com" if hands_on else "other@example.com")
    assert answer.is_replayed is hands_on
    assert users(database_url) == [(answer.item.email,)]
    assert register(database, "again@example.com") == Answer(answer.item, True)


@pytest.mark.parametrize("hands_on", [True, False], ids=["COMMIT arrived", "COMMIT was lost"])
def test_a_try_of_whose_name_nobody_knows_what_became_has_done_nothing(
    hands_on: bool, database: Database, database_url: str, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "SETTLE_SECONDS", 0)
    proxy.cut_at(b"COMMIT", occurrence=1, hands_on=hands_on)
    with pytest.raises(OutcomeUnknownError):
        register(database)
    assert users(database_url) == []
    assert not insisting(database, "ada@example.com").is_replayed


def test_who_dies_between_the_name_and_the_effect_leaves_the_request_to_the_next(
    database: Database, database_url: str
) -> None:
    database.transaction(lambda cursor: cursor.execute(statements.OPEN, VALUES | {"scope": scopes.current()}))
    assert execute(database_url, "SELECT answer FROM idempotency_keys") == [(None,)]
    assert not register(database).is_replayed
    assert register(database).is_replayed


def test_who_dies_after_the_effect_and_before_its_commit_has_had_none(database: Database, database_url: str) -> None:
    def die() -> None:
        execute(
            database_url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database() AND usename = current_user",
        )

    with pytest.raises(UnavailableError):
        register(database, then=die)
    assert users(database_url) == []
    assert not insisting(database, "ada@example.com").is_replayed


def test_an_effect_that_fails_after_it_has_written_has_written_nothing(database: Database, database_url: str) -> None:
    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        register(database, then=fail)
    assert users(database_url) == []
    assert execute(database_url, "SELECT count(*) FROM audit_events") == [(0,)]
    assert not register(database).is_replayed


def test_whoever_holds_a_name_makes_nobody_wait_and_frees_it_by_going_away(
    database: Database, database_url: str
) -> None:
    values = VALUES | {"scope": scopes.current()}
    with connected(database_url) as other, other.cursor() as cursor:
        cursor.execute(statements.OPEN, values)
        cursor.execute("BEGIN")
        cursor.execute(statements.TAKE, values)
        with pytest.raises(RequestInFlightError):
            register(database)
    assert not insisting(database, "ada@example.com").is_replayed
