"""The contract of `Sessions`: refresh tokens take turns, and one that comes back too late is told."""

from collections.abc import Callable

import pytest
from roster.auth.client import Client
from roster.sessions.repository import Lifetime, NewSession, Reused, Rotated, Rotation
from roster.users.models import User
from roster.users.repository import NewValues

from tests.builders import a_new_user, a_session_id
from tests.contracts.conftest import Stores
from tests.racing import race

HERE, THERE = Client("203.0.113.7", "a browser"), Client("198.51.100.9", "another")
A_WEEK = Lifetime(idle_seconds=3600, total_seconds=7 * 86_400)


def a_hash(number: int) -> bytes:
    return number.to_bytes(32, "big")


def a_rotation(old: int, new: int) -> Rotation:
    return Rotation(a_hash(old), a_hash(new), f"seed {new}".encode(), THERE)


def rotated(user: User, seed: str) -> Rotated:
    return Rotated(a_session_id(), user.id, "user", seed.encode())


@pytest.fixture
def ada(stores: Stores) -> User:
    """Add a user with one session, whose refresh token has the hash 1."""
    ada = stores.users.add(a_new_user(password_hash="old"))
    assert stores.sessions.add(NewSession(a_session_id(), ada.id, a_hash(1), HERE, None), A_WEEK)
    return ada


def test_a_token_is_replaced_and_the_session_lives_on(stores: Stores, ada: User) -> None:
    stores.age(1000)
    assert stores.sessions.rotate(a_rotation(1, 2), A_WEEK) == rotated(ada, "seed 2")
    (session,) = stores.sessions.all_of(ada.id)
    assert (session.source_ip, session.user_agent) == THERE
    assert 999 < (session.refreshed_at - session.created_at).total_seconds() < 1100
    assert (session.idle_until - session.refreshed_at).total_seconds() == 3600


def test_the_end_of_a_session_does_not_move(stores: Stores, ada: User) -> None:
    (before,) = stores.sessions.all_of(ada.id)
    stores.sessions.rotate(a_rotation(1, 2), Lifetime(30 * 86_400, 30 * 86_400))
    (after,) = stores.sessions.all_of(ada.id)
    assert after.idle_until == after.expires_at == before.expires_at


def test_a_repeated_use_gets_the_seed_of_the_first_though_the_successor_was_used_too(stores: Stores, ada: User) -> None:
    for old in (1, 2, 3):
        stores.sessions.rotate(a_rotation(old, old + 1), A_WEEK)
    assert [stores.sessions.rotate(a_rotation(old, 99), A_WEEK) for old in (1, 2, 3)] == [
        rotated(ada, f"seed {old + 1}") for old in (1, 2, 3)
    ]
    assert stores.sessions.rotate(a_rotation(4, 5), A_WEEK) == rotated(ada, "seed 5")


def test_a_repeated_use_after_the_grace_is_told_and_changes_nothing(stores: Stores, ada: User) -> None:
    stores.sessions.rotate(a_rotation(1, 2), A_WEEK)
    stores.age(9)
    assert isinstance(stores.sessions.rotate(a_rotation(1, 99), A_WEEK), Rotated)
    stores.age(2)
    assert stores.sessions.rotate(a_rotation(1, 99), A_WEEK) == Reused(a_session_id(), ada.id)
    assert stores.sessions.rotate(a_rotation(2, 3), A_WEEK) == rotated(ada, "seed 3")


def test_a_token_that_was_never_given_is_nobodys(stores: Stores, ada: User) -> None:
    assert stores.sessions.rotate(a_rotation(7, 8), A_WEEK) is None
    assert stores.sessions.rotate(Rotation(b"", a_hash(2), b"", HERE), A_WEEK) is None
    assert len(stores.sessions.all_of(ada.id)) == 1


ENDS: dict[str, Callable[[Stores, int], object]] = {
    "that session ends": lambda stores, user_id: stores.sessions.remove(user_id, a_session_id()),
    "all sessions end": lambda stores, user_id: stores.sessions.remove_all(user_id),
    "it idled": lambda stores, user_id: stores.age(3600),
    "the user is disabled": lambda stores, user_id: stores.users.change(user_id, NewValues(status="disabled")),
    "the user is erased": lambda stores, user_id: stores.users.remove(user_id),
    "the password changed": lambda stores, user_id: stores.accounts.change_password(user_id, "old", "new"),
}


@pytest.mark.parametrize("end", ENDS)
def test_neither_the_token_nor_those_before_it_outlive_the_session(end: str, stores: Stores, ada: User) -> None:
    stores.sessions.rotate(a_rotation(1, 2), A_WEEK)
    ENDS[end](stores, ada.id)
    assert [stores.sessions.rotate(a_rotation(old, 3), A_WEEK) for old in (1, 2)] == [None, None]


def test_of_many_at_once_one_replaces_the_token_and_all_get_its_seed(stores: Stores, ada: User) -> None:
    found = race(16, lambda number: stores.sessions.rotate(a_rotation(1, 100 + number), A_WEEK))
    assert len(set(found)) == 1
    (winner,) = set(found)
    assert isinstance(winner, Rotated)
    number = int(winner.seed.removeprefix(b"seed "))
    assert stores.sessions.rotate(a_rotation(number, 2), A_WEEK) == rotated(ada, "seed 2")
    assert {stores.sessions.rotate(a_rotation(each, 3), A_WEEK) for each in range(100, 116) if each != number} == {None}


def test_a_login_with_the_old_password_never_survives_its_change(stores: Stores, ada: User) -> None:
    for attempt in range(20):
        account = stores.accounts.find(ada.id)
        assert account is not None
        proved = NewSession(a_session_id(50 + attempt), ada.id, a_hash(50 + attempt), HERE, account.password_changed_at)

        def act(number: int, *, proved: NewSession = proved, old: str = account.password_hash) -> object:
            if number:
                return stores.sessions.add(proved, A_WEEK)
            return stores.accounts.change_password(ada.id, old, old + "x")

        assert race(2, act)[0] is True
        assert stores.sessions.all_of(ada.id) == []


def test_a_refresh_never_survives_the_disabling_of_its_user(stores: Stores, ada: User) -> None:
    for attempt in range(20):
        stores.users.change(ada.id, NewValues(status="active"))
        stores.sessions.remove_all(ada.id)
        stores.sessions.add(NewSession(a_session_id(), ada.id, a_hash(50 + attempt), HERE, None), A_WEEK)

        def act(number: int, *, old: int = 50 + attempt) -> object:
            if number:
                return stores.sessions.rotate(a_rotation(old, 1000 + old), A_WEEK)
            return stores.users.change(ada.id, NewValues(status="disabled"))

        race(2, act)
        assert stores.sessions.all_of(ada.id) == []
