"""The rules of opening and refreshing sessions."""

import pytest
from roster.auth.client import Client
from roster.auth.repository import WrongCredentialsError
from roster.sessions.grants import Grants
from roster.sessions.repository import InvalidRefreshTokenError, Lifetime
from roster.users.repository import NewValues

from tests.builders import a_new_user, a_refresh_token
from tests.fake_sessions import FakeSessions
from tests.fakes import FakeUsers

HERE = Client("203.0.113.7", "a browser")


@pytest.fixture
def users() -> FakeUsers:
    users = FakeUsers()
    users.add(a_new_user())
    return users


@pytest.fixture
def grants(users: FakeUsers) -> Grants:
    return Grants(FakeSessions(users.tables), lambda caller: (f"for {caller.session_id}", 60), Lifetime(3600, 7200))


def test_every_login_is_a_session_of_its_own(grants: Grants, users: FakeUsers) -> None:
    opened = [grants.open(1, HERE, None) for _ in range(5)]
    assert {grant.caller.session_id for grant in opened} == set(users.tables.sessions)
    assert len({grant.refresh_token for grant in opened}) == 5
    assert {(grant.caller.user_id, grant.caller.role, grant.expires_in) for grant in opened} == {(1, "user", 60)}
    assert all(grant.access_token == f"for {grant.caller.session_id}" for grant in opened)


def test_who_was_disabled_since_the_password_was_checked_gets_no_session(grants: Grants, users: FakeUsers) -> None:
    users.change(1, NewValues(status="disabled"))
    with pytest.raises(WrongCredentialsError):
        grants.open(1, HERE, None)


def test_a_refresh_stays_in_the_session_and_gives_the_next_token(grants: Grants) -> None:
    first = grants.open(1, HERE, None)
    second = grants.refresh(first.refresh_token, HERE)
    third = grants.refresh(second.refresh_token, HERE)
    assert first.caller == second.caller == third.caller
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3


def test_reuse_ends_the_session_for_thief_and_victim(grants: Grants, users: FakeUsers) -> None:
    stolen = grants.open(1, HERE, None).refresh_token
    latest = grants.refresh(grants.refresh(stolen, HERE).refresh_token, HERE).refresh_token
    users.tables.age_sessions(11)
    for token in (stolen, latest):
        with pytest.raises(InvalidRefreshTokenError):
            grants.refresh(token, HERE)
    assert users.tables.sessions == {}


def test_guessing_ends_nothing_and_asks_nobody_for_what_is_no_token(grants: Grants, users: FakeUsers) -> None:
    grants.open(1, HERE, None)
    users.tables.calls.clear()
    for token in ("", "guess", a_refresh_token(), "rt_" + "\0" * 43):
        with pytest.raises(InvalidRefreshTokenError):
            grants.refresh(token, HERE)
    assert users.tables.calls == ["sessions.rotate"] * 2
    assert len(users.tables.sessions) == 1
