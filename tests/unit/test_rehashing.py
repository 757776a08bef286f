"""Hashes with outdated parameters are replaced when their owner logs in, and nothing else happens then."""

import pytest
from roster.auth import passwords
from roster.auth.repository import AccountDisabledError, WrongCredentialsError
from roster.auth.service import Authentication
from roster.errors import OutcomeUnknownError, UnavailableError
from roster.users.repository import NewValues

from tests import environment
from tests.builders import PASSWORD, a_new_user
from tests.fakes import FakeAccounts, FakeLoginFailures, FakeUsers
from tests.unit.counting_hasher import OUTDATED, CountingHasher


@pytest.fixture
def users(hasher: CountingHasher) -> FakeUsers:
    users = FakeUsers()
    users.add(a_new_user(password_hash=OUTDATED.hash(PASSWORD)))
    users.tables.calls.clear()
    return users


@pytest.fixture
def accounts(users: FakeUsers) -> FakeAccounts:
    return FakeAccounts(users.tables)


@pytest.fixture
def authentication(accounts: FakeAccounts) -> Authentication:
    return Authentication(accounts, FakeLoginFailures(accounts.tables))


def test_a_login_replaces_an_outdated_hash_once(
    authentication: Authentication, users: FakeUsers, hasher: CountingHasher
) -> None:
    outdated = users.tables.rows[1].password_hash
    for hashes in (2, 1):
        hasher.hashes = 0
        assert authentication.log_in("ada@example.com", PASSWORD).user_id == 1
        assert hasher.hashes == hashes
    kept = users.tables.rows[1].password_hash
    assert kept != outdated
    assert passwords.matches(PASSWORD, kept)
    assert not passwords.is_outdated(kept)
    judged = ["accounts.find_by_address", "login_failures.settle"]
    assert users.tables.calls == [*judged, "accounts.rehash", *judged]


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_a_failed_login_replaces_nothing_and_costs_one_hash(
    email: str, authentication: Authentication, users: FakeUsers, hasher: CountingHasher
) -> None:
    with pytest.raises(WrongCredentialsError):
        authentication.log_in(email, "wrong")
    assert (users.tables.calls, hasher.hashes) == (["accounts.find_by_address", "login_failures.settle"], 1)


def test_a_disabled_account_keeps_its_hash(
    authentication: Authentication, users: FakeUsers, hasher: CountingHasher
) -> None:
    users.change(1, NewValues(status="disabled"))
    users.tables.calls.clear()
    with pytest.raises(AccountDisabledError):
        authentication.log_in("ada@example.com", PASSWORD)
    assert (users.tables.calls, hasher.hashes) == (["accounts.find_by_address", "login_failures.settle"], 1)


def test_a_password_that_was_changed_meanwhile_stays(
    authentication: Authentication, users: FakeUsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hashed_meanwhile(password: str) -> str:
        users.tables.rows[1].password_hash = "changed by another request"
        return "a hash"

    monkeypatch.setattr(passwords, "hashed", hashed_meanwhile)
    assert authentication.log_in("ada@example.com", PASSWORD)
    assert users.tables.rows[1].password_hash == "changed by another request"


@pytest.mark.parametrize("error", [UnavailableError(), OutcomeUnknownError()], ids=lambda error: error.code)
def test_a_login_succeeds_though_the_new_hash_cannot_be_kept(
    error: UnavailableError,
    authentication: Authentication,
    accounts: FakeAccounts,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*arguments: object) -> bool:
        raise error

    monkeypatch.setattr(accounts, "rehash", fail)
    assert authentication.log_in("ada@example.com", PASSWORD).user_id == 1
    assert [line["RehashFailed"] for line in environment.lines_of(capsys.readouterr().out)] == [1]


def test_a_bug_in_keeping_the_hash_is_not_hidden(
    authentication: Authentication, accounts: FakeAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> bool:
        raise KeyError

    monkeypatch.setattr(accounts, "rehash", fail)
    with pytest.raises(KeyError):
        authentication.log_in("ada@example.com", PASSWORD)
