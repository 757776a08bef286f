"""The rules of logging in and of changing a password."""

import pytest
from roster.auth import passwords
from roster.auth.caller import Caller
from roster.auth.repository import AccountDisabledError, WrongCredentialsError
from roster.auth.service import Authentication, PasswordChangedMeanwhileError
from roster.errors import InvalidInputError, NotAllowedError, UnauthenticatedError
from roster.users.repository import NewValues

from tests.builders import PASSWORD, a_caller, a_new_user, an_admin
from tests.fakes import FakeAccounts, FakeLoginFailures, FakeUsers
from tests.unit.counting_hasher import CountingHasher


@pytest.fixture
def users(hasher: CountingHasher) -> FakeUsers:
    users = FakeUsers()
    users.add(a_new_user(password_hash=passwords.hashed(PASSWORD)))
    hasher.hashes = 0
    return users


@pytest.fixture
def authentication(users: FakeUsers) -> Authentication:
    return Authentication(FakeAccounts(users.tables), FakeLoginFailures(users.tables))


@pytest.mark.parametrize("email", ["ada@example.com", " ADA@EXAMPLE.COM ", "ａｄａ@example.com"])
def test_the_right_password_leads_to_its_account(email: str, authentication: Authentication) -> None:
    account = authentication.log_in(email, PASSWORD)
    assert (account.user_id, account.role) == (1, "user")


def test_an_admin_logs_in_as_one(authentication: Authentication, users: FakeUsers) -> None:
    users.change(1, NewValues(role="admin"))
    assert authentication.log_in("ada@example.com", PASSWORD).role == "admin"


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper()])
def test_a_wrong_password_and_an_unknown_address_fail_alike_after_one_hash(
    email: str, password: str, authentication: Authentication, hasher: CountingHasher
) -> None:
    with pytest.raises(WrongCredentialsError) as refusal:
        authentication.log_in(email, password)
    assert (refusal.value.args, refusal.value.problems) == (("wrong_credentials",), ())
    assert hasher.hashes == 1


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_a_disabled_account_is_told_only_to_who_knows_its_password(
    password: str, authentication: Authentication, users: FakeUsers, hasher: CountingHasher
) -> None:
    users.change(1, NewValues(status="disabled"))
    with pytest.raises(AccountDisabledError if password == PASSWORD else WrongCredentialsError):
        authentication.log_in("ada@example.com", password)
    assert hasher.hashes == 1


def test_an_erased_account_is_unknown(authentication: Authentication, users: FakeUsers) -> None:
    users.remove(1)
    with pytest.raises(WrongCredentialsError):
        authentication.log_in("ada@example.com", PASSWORD)


def test_a_changed_password_is_the_only_one(authentication: Authentication) -> None:
    authentication.change_password(1, PASSWORD, "another lighthouse", a_caller())
    assert authentication.log_in("ada@example.com", "another lighthouse")
    with pytest.raises(WrongCredentialsError):
        authentication.log_in("ada@example.com", PASSWORD)


@pytest.mark.parametrize("caller", [a_caller(user_id=2), an_admin(), an_admin(user_id=2)])
@pytest.mark.parametrize("user_id", [1, 999])
def test_nobody_changes_anyone_elses_password(
    user_id: int, caller: Caller, authentication: Authentication, users: FakeUsers, hasher: CountingHasher
) -> None:
    users.tables.calls.clear()
    with pytest.raises(NotAllowedError):
        authentication.change_password(user_id, PASSWORD, "another lighthouse", caller)
    assert (users.tables.calls, hasher.hashes) == ([], 0)


def test_a_wrong_current_password_changes_nothing_and_is_named(authentication: Authentication) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        authentication.change_password(1, "wrong", "another lighthouse", a_caller())
    assert [(problem.field, problem.code) for problem in refusal.value.problems] == [
        ("body.current_password", "wrong_password")
    ]
    assert authentication.log_in("ada@example.com", PASSWORD)


def test_a_token_that_outlived_its_user_changes_no_password(authentication: Authentication, users: FakeUsers) -> None:
    users.remove(1)
    with pytest.raises(UnauthenticatedError):
        authentication.change_password(1, PASSWORD, "another lighthouse", a_caller())


def test_of_two_changes_at_once_one_is_told(
    authentication: Authentication, users: FakeUsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hashed_meanwhile(password: str) -> str:
        users.tables.rows[1].password_hash = "changed by another request"
        return "a hash"

    monkeypatch.setattr(passwords, "hashed", hashed_meanwhile)
    with pytest.raises(PasswordChangedMeanwhileError):
        authentication.change_password(1, PASSWORD, "another lighthouse", a_caller())
    assert users.tables.rows[1].password_hash == "changed by another request"
