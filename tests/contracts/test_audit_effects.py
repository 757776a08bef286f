"""The contract of all repositories: what changes something leaves exactly one row, what does not leaves none."""

from collections.abc import Callable
from typing import Any

import pytest
from roster.audit.models import AuditEvent, Filters
from roster.auth import address
from roster.errors import StaleVersionError
from roster.infrastructure import origin
from roster.infrastructure.origin import Origin
from roster.users.repository import EmailTakenError, LastAdminError, NewValues, UserNotFoundError

from tests.builders import a_new_user
from tests.contracts.conftest import Stores
from tests.racing import race

BY_THE_ADMIN = Origin(900, "a session", "203.0.113.7", "a request")
ADA = {"email": "ada@example.com", "name": "Ada Lovelace", "role": "user", "status": "active", "email_verified": False}


def events(stores: Stores) -> list[AuditEvent]:
    """Return all that is recorded, the oldest first."""
    return stores.trail.page(Filters(), None, 1000)[::-1]


def told(stores: Stores) -> list[tuple[str, int | None, Any, Any]]:
    return [(event.action, event.subject_id, event.before, event.after) for event in events(stores)]


def actions(stores: Stores) -> list[str]:
    return [event.action for event in events(stores)]


def test_registering_is_recorded_with_all_that_was_said_but_the_password(stores: Stores) -> None:
    with origin.within(BY_THE_ADMIN):
        user = stores.users.add(a_new_user())
    assert told(stores) == [("user.registered", user.id, None, ADA)]
    (event,) = events(stores)
    assert (event.actor_id, event.session_id, event.source_ip, event.request_id) == BY_THE_ADMIN


@pytest.mark.parametrize(
    ("values", "action", "before", "after"),
    [
        (NewValues(name="Augusta"), "user.changed", {"name": "Ada Lovelace"}, {"name": "Augusta"}),
        (
            NewValues(address=address.parse("Ada@Example.com")),
            "user.changed",
            {"email": "ada@example.com"},
            {"email": "Ada@Example.com"},
        ),
        (NewValues(role="admin"), "user.rights_changed", {"role": "user"}, {"role": "admin"}),
        (NewValues(status="disabled"), "user.rights_changed", {"status": "active"}, {"status": "disabled"}),
        (
            NewValues(name="Augusta", role="admin"),
            "user.rights_changed",
            {"name": "Ada Lovelace", "role": "user"},
            {"name": "Augusta", "role": "admin"},
        ),
        (
            NewValues(name="Augusta", role="user", status="active"),
            "user.changed",
            {"name": "Ada Lovelace"},
            {"name": "Augusta"},
        ),
        (NewValues(name="Ada Lovelace"), "user.changed", {}, {}),
    ],
)
def test_a_change_is_recorded_with_the_fields_that_differ_and_no_others(
    stores: Stores, values: NewValues, action: str, before: Any, after: Any
) -> None:
    user = stores.users.add(a_new_user())
    stores.users.change(user.id, values)
    assert told(stores)[1:] == [(action, user.id, before, after)]


def test_that_a_new_address_is_not_verified_is_recorded_too(stores: Stores) -> None:
    user = stores.users.add(a_new_user())
    stores.verify(user.id)
    stores.users.change(user.id, NewValues(address=address.parse("augusta@example.com")))
    (_, _, before, after) = told(stores)[-1]
    assert before == {"email": "ada@example.com", "email_verified": True}
    assert after == {"email": "augusta@example.com", "email_verified": False}


def test_a_new_password_is_recorded_and_none_of_its_hashes(stores: Stores) -> None:
    user = stores.users.add(a_new_user(password_hash="old"))
    assert stores.accounts.change_password(user.id, "old", "new")
    assert told(stores)[1:] == [("password.changed", user.id, None, None)]


def test_a_renewed_hash_is_nothing_that_happened_to_anybody(stores: Stores) -> None:
    user = stores.users.add(a_new_user(password_hash="old"))
    assert stores.accounts.rehash(user.id, "old", "new")
    assert actions(stores) == ["user.registered"]


def test_erasing_is_recorded(stores: Stores) -> None:
    user = stores.users.add(a_new_user())
    stores.users.remove(user.id)
    assert told(stores)[-1] == ("user.erased", user.id, None, None)


REFUSED: dict[str, tuple[type[Exception], Callable[[Stores], object]]] = {
    "an address that is taken": (EmailTakenError, lambda stores: stores.users.add(a_new_user("ADMIN@example.com"))),
    "a change to an address that is taken": (
        EmailTakenError,
        lambda stores: stores.users.change(2, NewValues(address=address.parse("admin@example.com"), role="admin")),
    ),
    "a change to a stale version": (
        StaleVersionError,
        lambda stores: stores.users.change(2, NewValues(name="Augusta"), frozenset({7})),
    ),
    "a change to nobody": (UserNotFoundError, lambda stores: stores.users.change(9, NewValues(name="Augusta"))),
    "the last admin demoted": (LastAdminError, lambda stores: stores.users.change(1, NewValues(role="user"))),
    "the last admin disabled": (LastAdminError, lambda stores: stores.users.change(1, NewValues(status="disabled"))),
    "the last admin erased": (LastAdminError, lambda stores: stores.users.remove(1)),
    "a stale version erased": (StaleVersionError, lambda stores: stores.users.remove(2, frozenset({7}))),
    "nobody erased": (UserNotFoundError, lambda stores: stores.users.remove(9)),
}


@pytest.mark.parametrize(("error", "attempt"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_leaves_no_row(
    stores: Stores, error: type[Exception], attempt: Callable[[Stores], object]
) -> None:
    stores.users.add(a_new_user("admin@example.com", role="admin"))
    stores.users.add(a_new_user("ada@example.com"))
    before = events(stores)
    with pytest.raises(error):
        attempt(stores)
    assert events(stores) == before


def test_a_password_that_was_not_changed_leaves_no_row(stores: Stores) -> None:
    user = stores.users.add(a_new_user(password_hash="old"))
    assert not stores.accounts.change_password(user.id, "older", "new")
    assert actions(stores) == ["user.registered"]


def test_of_many_changes_at_once_each_is_recorded_from_what_the_one_before_left(stores: Stores) -> None:
    user = stores.users.add(a_new_user(name="0"))
    race(16, lambda number: stores.users.change(user.id, NewValues(name=f"{number + 1}")))
    found = events(stores)[1:]
    befores = [event.before["name"] for event in found if event.before]
    afters = [event.after["name"] for event in found if event.after]
    assert sorted(afters) == sorted(str(number + 1) for number in range(16))
    last = stores.users.find(user.id)
    assert last is not None
    assert sorted(befores) == sorted([*set(afters) - {last.name}, "0"]), "each left what another found"


def test_of_many_changes_to_one_version_the_one_that_wins_is_recorded(stores: Stores) -> None:
    user = stores.users.add(a_new_user())

    def change(number: int) -> bool:
        try:
            stores.users.change(user.id, NewValues(name=f"Ada {number}"), frozenset({1}))
        except StaleVersionError:
            return False
        return True

    assert sum(race(16, change)) == 1
    assert actions(stores) == ["user.registered", "user.changed"]


def test_of_admins_who_demote_each_other_at_once_those_who_do_are_recorded(stores: Stores) -> None:
    ids = [stores.users.add(a_new_user(f"admin{number}@example.com", role="admin")).id for number in range(8)]

    def demote(number: int) -> bool:
        try:
            stores.users.change(ids[number], NewValues(role="user"))
        except LastAdminError:
            return False
        return True

    assert sum(race(8, demote)) == 7
    assert actions(stores).count("user.rights_changed") == 7
