"""The contract of all repositories: sessions that open and end leave rows, whoever ends them."""

from typing import Any

import pytest
from roster.audit.models import Filters
from roster.auth.client import Client
from roster.infrastructure import origin
from roster.infrastructure.origin import Origin
from roster.sessions.repository import GRACE_SECONDS, SESSIONS_MAX, Lifetime, NewSession, Reused, Rotation
from roster.users.models import User
from roster.users.repository import NewValues

from tests.builders import a_new_user, a_session_id
from tests.contracts.conftest import Stores
from tests.racing import race

HERE = Client("203.0.113.7", "canary agent")
AN_HOUR = Lifetime(3600, 3600)


def a_hash(number: int) -> bytes:
    return number.to_bytes(32, "big")


def opened(stores: Stores, user: User, *numbers: int) -> None:
    for number in numbers:
        new = NewSession(a_session_id(number), user.id, a_hash(number), HERE, None)
        assert stores.sessions.add(new, AN_HOUR)


def rotated(stores: Stores, number: int) -> object:
    """Use the refresh token with that number, whose successor is a thousand further."""
    return stores.sessions.rotate(Rotation(a_hash(number), a_hash(number + 1000), b"seed", HERE), AN_HOUR)


def ended(*numbers: int) -> list[tuple[str, Any, Any]]:
    return [("session.ended", {"session_id": a_session_id(number)}, None) for number in numbers]


def told(stores: Stores, user: User, skipped: int = 0) -> list[tuple[str, Any, Any]]:
    """Return what is recorded of the user after the first *skipped* rows, in an order of its own."""
    events = stores.trail.page(Filters(subject_id=user.id), None, 1000)[::-1][skipped:]
    return sorted(((event.action, event.before, event.after) for event in events), key=str)


@pytest.fixture
def ada(stores: Stores) -> User:
    return stores.users.add(a_new_user(password_hash="old"))


def test_an_opened_session_is_recorded_with_its_id_alone(stores: Stores, ada: User) -> None:
    opened(stores, ada, 1)
    assert told(stores, ada, 1) == [("session.opened", None, {"session_id": a_session_id(1)})]


def test_a_session_that_was_not_opened_is_not_recorded(stores: Stores, ada: User) -> None:
    stores.users.change(ada.id, NewValues(status="disabled"))
    new = NewSession(a_session_id(1), ada.id, a_hash(1), HERE, None)
    assert stores.sessions.add(new, AN_HOUR) is None
    assert told(stores, ada, 2) == []


def test_one_session_that_ends_is_recorded_once(stores: Stores, ada: User) -> None:
    opened(stores, ada, 1, 2)
    assert stores.sessions.remove(ada.id, a_session_id(1))
    assert not stores.sessions.remove(ada.id, a_session_id(1))
    assert told(stores, ada, 3) == ended(1)


def test_each_of_all_sessions_that_end_is_recorded(stores: Stores, ada: User) -> None:
    opened(stores, ada, 1, 2, 3)
    with origin.within(Origin(900, "an admin's", "198.51.100.1", "a request")):
        assert stores.sessions.remove_all(ada.id) == 3
    assert told(stores, ada, 4) == ended(1, 2, 3)
    events = stores.trail.page(Filters(actor_id=900), None, 100)
    assert {(event.session_id, event.source_ip) for event in events} == {("an admin's", "198.51.100.1")}
    assert stores.sessions.remove_all(ada.id) == 0
    assert len(told(stores, ada)) == 7


def test_a_session_that_idled_away_ended_by_itself(stores: Stores, ada: User) -> None:
    opened(stores, ada, 1)
    stores.age(AN_HOUR.idle_seconds)
    assert stores.sessions.remove_all(ada.id) == 0
    assert not stores.sessions.remove(ada.id, a_session_id(1))
    opened(stores, ada, 2)
    assert told(stores, ada, 2) == [("session.opened", None, {"session_id": a_session_id(2)})]


def test_a_session_that_makes_way_for_another_is_recorded(stores: Stores, ada: User) -> None:
    opened(stores, ada, *range(1, SESSIONS_MAX + 2))
    assert [each for each in told(stores, ada) if each[0] == "session.ended"] == ended(1)


@pytest.mark.parametrize(
    ("values", "numbers"), [(NewValues(status="disabled"), [1, 2]), (NewValues(name="A", role="admin"), [])]
)
def test_disabling_ends_the_sessions_and_says_so(
    stores: Stores, ada: User, values: NewValues, numbers: list[int]
) -> None:
    opened(stores, ada, 1, 2)
    stores.users.change(ada.id, values)
    assert [each for each in told(stores, ada, 3) if each[0] != "user.rights_changed"] == ended(*numbers)
    assert len(stores.sessions.all_of(ada.id)) == 2 - len(numbers)


def test_another_password_ends_the_sessions_and_says_so(stores: Stores, ada: User) -> None:
    opened(stores, ada, 1, 2)
    assert stores.accounts.change_password(ada.id, "old", "new")
    assert told(stores, ada, 3) == [("password.changed", None, None), *ended(1, 2)]


def test_erasing_ends_the_sessions_and_leaves_no_address(stores: Stores, ada: User) -> None:
    with origin.within(Origin(source_ip=HERE.source_ip)):
        opened(stores, ada, 1)
    with origin.within(Origin(ada.id, a_session_id(1), HERE.source_ip, "a request")):
        stores.users.remove(ada.id)
    assert told(stores, ada, 2) == [*ended(1), ("user.erased", None, None)]
    assert HERE.source_ip not in str(stores.trail.page(Filters(), None, 100))


def test_a_refresh_is_not_recorded_and_the_theft_of_a_token_is(stores: Stores, ada: User) -> None:
    opened(stores, ada, 1)
    rotated(stores, 1)
    stores.age(GRACE_SECONDS + 1)
    assert rotated(stores, 1) == Reused(a_session_id(1), ada.id)
    assert told(stores, ada, 2) == []
    race(4, lambda _: stores.sessions.remove_reused(ada.id, a_session_id(1)))
    assert told(stores, ada, 2) == [("session.reuse_detected", {"session_id": a_session_id(1)}, None)]
    assert stores.sessions.all_of(ada.id) == []


def test_of_many_who_end_a_session_at_once_one_is_recorded(stores: Stores, ada: User) -> None:
    opened(stores, ada, 1)
    outcomes = race(16, lambda _: stores.sessions.remove(ada.id, a_session_id(1)))
    assert sum(outcomes) == 1
    assert told(stores, ada, 2) == ended(1)


def test_neither_token_nor_agent_is_recorded(stores: Stores, ada: User) -> None:
    opened(stores, ada, 7)
    events = str(stores.trail.page(Filters(), None, 100))
    assert a_session_id(7) in events
    assert "canary" not in events
    assert a_hash(7).hex() not in events
