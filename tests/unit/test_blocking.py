"""After failed logins an account answers for a while as if every password were wrong, and nobody can tell."""

import pytest
from roster.auth import passwords
from roster.auth.repository import BLOCK_SECONDS, LoginFailures, WrongCredentialsError
from roster.auth.service import Authentication
from roster.errors import UnavailableError

from tests.builders import PASSWORD, a_new_user
from tests.fakes import FakeAccounts, FakeLoginFailures, FakeUsers
from tests.unit.counting_hasher import CountingHasher

EMAILS = ["ada@example.com", "nobody@example.com"]
FAILURES = BLOCK_SECONDS.index(1) + 1


@pytest.fixture
def users(hasher: CountingHasher) -> FakeUsers:
    users = FakeUsers()
    users.add(a_new_user(password_hash=passwords.hashed(PASSWORD)))
    return users


@pytest.fixture
def failures(users: FakeUsers) -> FakeLoginFailures:
    return FakeLoginFailures(users.tables)


@pytest.fixture
def authentication(users: FakeUsers, failures: FakeLoginFailures) -> Authentication:
    return Authentication(FakeAccounts(users.tables), failures)


def refused(authentication: Authentication, email: str, password: str = "wrong") -> None:
    with pytest.raises(WrongCredentialsError):
        authentication.log_in(email, password)


@pytest.mark.parametrize("email", EMAILS)
def test_a_blocked_account_refuses_any_password(email: str, authentication: Authentication) -> None:
    for _ in range(FAILURES):
        refused(authentication, email)
    refused(authentication, email, PASSWORD)
    refused(authentication, email.upper(), PASSWORD)


@pytest.mark.parametrize("password", ["wrong", PASSWORD])
@pytest.mark.parametrize("email", EMAILS)
def test_every_refusal_does_the_same_work(
    email: str, password: str, authentication: Authentication, users: FakeUsers, hasher: CountingHasher
) -> None:
    work = []
    for attempt in range(FAILURES + 2):
        users.tables.calls.clear()
        hasher.hashes = 0
        refused(authentication, email, "wrong" if attempt < FAILURES else password)
        work.append((hasher.hashes, *users.tables.calls))
    assert work == [(1, "accounts.find_by_address", "login_failures.settle")] * (FAILURES + 2)


def test_the_right_password_is_right_again_after_the_block(
    authentication: Authentication, failures: FakeLoginFailures
) -> None:
    for _ in range(FAILURES):
        refused(authentication, EMAILS[0])
    failures.age_seconds += 1
    assert authentication.log_in(EMAILS[0], PASSWORD).user_id == 1


def test_a_success_in_between_starts_the_count_anew(authentication: Authentication) -> None:
    for _ in range(5):
        for _ in range(FAILURES - 1):
            refused(authentication, EMAILS[0])
        assert authentication.log_in(EMAILS[0], PASSWORD)


def test_nobody_is_logged_in_while_failures_cannot_be_counted(
    authentication: Authentication, failures: FakeLoginFailures, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle(*arguments: object, **options: object) -> bool:
        raise UnavailableError

    monkeypatch.setattr(failures, "settle", settle)
    with pytest.raises(UnavailableError):
        authentication.log_in(EMAILS[0], PASSWORD)


def test_a_count_that_forgets_is_found_out(users: FakeUsers) -> None:
    class Forgetful(LoginFailures):
        def settle(self, canonical: str, *, is_right: bool) -> bool:
            return True

        def forget(self, canonical: str) -> None:
            """Forget even less."""

    authentication = Authentication(FakeAccounts(users.tables), Forgetful())
    with pytest.raises(pytest.fail.Exception):
        test_a_blocked_account_refuses_any_password(EMAILS[0], authentication)
