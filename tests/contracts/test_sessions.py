"""The contract of `Sessions` and `Standings`: opening, listing, ending."""

import pytest
from roster.auth.client import Client
from roster.sessions.repository import SESSIONS_MAX, Lifetime, NewSession
from roster.users.models import User
from roster.users.repository import NewValues

from tests.builders import a_new_user, a_session_id
from tests.contracts.conftest import Stores

HERE = Client("203.0.113.7", "a browser")
A_WEEK = Lifetime(idle_seconds=3600, total_seconds=7 * 86_400)


def a_hash(number: int = 1) -> bytes:
    return number.to_bytes(32, "big")


@pytest.fixture
def ada(stores: Stores) -> User:
    return stores.users.add(a_new_user(password_hash="old"))


def opened(stores: Stores, user: User, number: int = 1, lifetime: Lifetime = A_WEEK) -> str:
    """Open the session with that number and return its id."""
    new = NewSession(a_session_id(number), user.id, a_hash(number), HERE, None)
    assert stores.sessions.add(new, lifetime) == user.role
    return new.id


def test_an_opened_session_lives_and_says_when_from_where_and_with_what(stores: Stores, ada: User) -> None:
    session_id = opened(stores, ada)
    (session,) = stores.sessions.all_of(ada.id)
    assert (session.id, session.source_ip, session.user_agent) == (session_id, *HERE)
    assert session.created_at == session.refreshed_at
    assert (session.idle_until - session.created_at).total_seconds() == 3600
    assert (session.expires_at - session.created_at).total_seconds() == 7 * 86_400
    assert stores.standings.find(ada.id, session_id) == "user"


def test_a_session_never_outlives_its_end(stores: Stores, ada: User) -> None:
    opened(stores, ada, lifetime=Lifetime(idle_seconds=3600, total_seconds=60))
    (session,) = stores.sessions.all_of(ada.id)
    assert session.idle_until == session.expires_at


@pytest.mark.parametrize("session_id", ["", "x", a_session_id(2), a_session_id().upper(), "\0", "'; --", "\ud800"])
def test_nobody_has_standing_by_any_other_id(stores: Stores, ada: User, session_id: str) -> None:
    opened(stores, ada)
    assert stores.standings.find(ada.id, session_id) is None
    assert not stores.sessions.remove(ada.id, session_id)


def test_a_session_is_its_owners_alone(stores: Stores, ada: User) -> None:
    bob = stores.users.add(a_new_user("bob@example.com"))
    session_id = opened(stores, ada)
    assert stores.standings.find(bob.id, session_id) is None
    assert stores.sessions.all_of(bob.id) == []
    assert not stores.sessions.remove(bob.id, session_id)
    assert stores.sessions.remove_all(bob.id) == 0
    assert stores.standings.find(ada.id, session_id) == "user"


def test_a_session_ends_once(stores: Stores, ada: User) -> None:
    first, second = opened(stores, ada, 1), opened(stores, ada, 2)
    assert [stores.sessions.remove(ada.id, first) for _ in range(2)] == [True, False]
    assert [stores.standings.find(ada.id, each) for each in (first, second)] == [None, "user"]


def test_all_sessions_end_at_once(stores: Stores, ada: User) -> None:
    ended = [opened(stores, ada, number) for number in (1, 2, 3)]
    assert [stores.sessions.remove_all(ada.id) for _ in range(2)] == [3, 0]
    assert [stores.standings.find(ada.id, each) for each in ended] == [None] * 3


@pytest.mark.parametrize("seconds", [3600, 10_000])
def test_a_session_that_idled_is_over(stores: Stores, ada: User, seconds: int) -> None:
    session_id = opened(stores, ada)
    stores.age(3599)
    assert stores.standings.find(ada.id, session_id) == "user"
    stores.age(seconds - 3599)
    assert stores.standings.find(ada.id, session_id) is None
    assert stores.sessions.all_of(ada.id) == []
    assert not stores.sessions.remove(ada.id, session_id)
    assert stores.sessions.remove_all(ada.id) == 0


def test_a_role_counts_as_it_is_now(stores: Stores, ada: User) -> None:
    session_id = opened(stores, ada)
    stores.users.change(ada.id, NewValues(role="admin"))
    assert stores.standings.find(ada.id, session_id) == "admin"


def test_who_is_disabled_has_no_session_and_opens_none(stores: Stores, ada: User) -> None:
    session_id = opened(stores, ada)
    stores.users.change(ada.id, NewValues(status="disabled"))
    assert stores.standings.find(ada.id, session_id) is None
    assert stores.sessions.add(NewSession(a_session_id(2), ada.id, a_hash(2), HERE, None), A_WEEK) is None
    stores.users.change(ada.id, NewValues(status="active"))
    assert stores.standings.find(ada.id, session_id) is None, "enabling brings no session back"


def test_who_is_erased_has_no_session_and_opens_none(stores: Stores, ada: User) -> None:
    session_id = opened(stores, ada)
    stores.users.remove(ada.id)
    assert stores.standings.find(ada.id, session_id) is None
    assert stores.sessions.add(NewSession(a_session_id(2), ada.id, a_hash(2), HERE, None), A_WEEK) is None


def test_a_changed_password_ends_every_session_and_a_renewed_hash_none(stores: Stores, ada: User) -> None:
    session_id = opened(stores, ada)
    assert stores.accounts.rehash(ada.id, "old", "the same, renewed")
    assert stores.standings.find(ada.id, session_id) == "user"
    assert not stores.accounts.change_password(ada.id, "another", "new")
    assert stores.standings.find(ada.id, session_id) == "user"
    assert stores.accounts.change_password(ada.id, "the same, renewed", "new")
    assert stores.standings.find(ada.id, session_id) is None


def test_an_old_password_opens_no_session(stores: Stores, ada: User) -> None:
    account = stores.accounts.find(ada.id)
    assert account is not None
    proved = NewSession(a_session_id(), ada.id, a_hash(), HERE, account.password_changed_at)
    assert stores.accounts.rehash(ada.id, "old", "the same, renewed")
    assert stores.sessions.add(proved, A_WEEK) == "user"
    assert stores.accounts.change_password(ada.id, "the same, renewed", "new")
    late = proved._replace(id=a_session_id(2), token_hash=a_hash(2))
    assert stores.sessions.add(late, A_WEEK) is None
    assert stores.sessions.all_of(ada.id) == []


def test_a_user_has_so_many_sessions_and_the_one_refreshed_longest_ago_makes_room(stores: Stores, ada: User) -> None:
    for number in range(SESSIONS_MAX):
        opened(stores, ada, number)
        stores.age(1)
    opened(stores, ada, SESSIONS_MAX)
    living = [session.id for session in stores.sessions.all_of(ada.id)]
    assert living == [a_session_id(number) for number in range(SESSIONS_MAX, 0, -1)]
