"""The contract of `Users`: finding users, and pages of them."""

from datetime import UTC, timedelta

import pytest
from roster.users.listing import Listing, Place
from roster.users.repository import NewValues, Users

from tests.builders import a_new_user

ID_MAX = 2**63 - 1


def add(users: Users, count: int) -> list[int]:
    return [users.add(a_new_user(email=f"user{number}@example.com")).id for number in range(count)]


def ids_of(users: Users, after_id: int, limit: int) -> list[int]:
    return [user.id for user in users.page(Listing(limit, after=Place(after_id, after_id))).users]


def test_a_user_who_was_added_is_found_with_the_same_values(users: Users) -> None:
    added = users.add(a_new_user())
    assert users.find(added.id) == added
    assert users.find(added.id) == added, "also when asked again"


def test_a_new_user_is_active_unverified_and_in_the_first_version(users: Users) -> None:
    user = users.add(a_new_user(email="Ada@Example.com", name="Ada", role="admin"))
    assert (user.email, user.name, user.role) == ("Ada@Example.com", "Ada", "admin")
    assert (user.status, user.email_verified, user.version) == ("active", False, 1)
    assert user.created_at == user.updated_at


def test_times_are_in_utc_with_milliseconds(users: Users) -> None:
    user = users.find(users.add(a_new_user()).id)
    assert user is not None
    assert user.created_at.utcoffset() == timedelta(0)
    assert user.created_at.astimezone(UTC).microsecond % 1000 == 0


@pytest.mark.parametrize("user_id", [0, 2, 999, ID_MAX])
def test_nobody_is_found_under_an_id_that_was_never_given(users: Users, user_id: int) -> None:
    users.add(a_new_user())
    assert users.find(user_id) is None


def test_ids_are_positive_and_grow(users: Users) -> None:
    ids = add(users, 3)
    assert ids == sorted(set(ids))
    assert ids[0] > 0


@pytest.mark.parametrize(
    "name",
    ["O'Brien", "100 %s %(name)s", "back\\slash", 'say "hi"', "Łukasz 🦊 张伟", "'; DROP TABLE users; --", "{a}"],
)
def test_a_name_comes_back_as_it_was_given(users: Users, name: str) -> None:
    user = users.add(a_new_user(name=name))
    found = users.find(user.id)
    assert found is not None
    assert (user.name, found.name) == (name, name)


def test_a_page_holds_the_first_users_above_an_id_in_their_order(users: Users) -> None:
    first, second, third, fourth = add(users, 4)
    assert ids_of(users, 0, 2) == [first, second]
    assert ids_of(users, second, 2) == [third, fourth]
    assert ids_of(users, fourth, 2) == []
    assert ids_of(users, ID_MAX, 2) == []


def test_a_page_shows_users_as_find_does(users: Users) -> None:
    user = users.add(a_new_user())
    users.change(user.id, NewValues(name="Augusta"))
    assert users.page(Listing(1)).users == [users.find(user.id)]


def test_pages_neither_repeat_nor_skip_anyone_while_others_come_and_go(users: Users) -> None:
    first, second, third, fourth = add(users, 4)
    assert ids_of(users, 0, 2) == [first, second]
    users.remove(first)
    users.change(third, NewValues(name="Someone else"))
    fifth = users.add(a_new_user(email="fifth@example.com")).id
    assert ids_of(users, second, 2) == [third, fourth]
    assert ids_of(users, fourth, 2) == [fifth]
