"""The contract of `Users`: adding, changing and versions."""

import time

import pytest
from roster.auth import address
from roster.errors import StaleVersionError
from roster.users.listing import Listing
from roster.users.models import User
from roster.users.repository import EmailTakenError, NewValues, UserNotFoundError, Users

from tests.builders import a_new_user
from tests.contracts.conftest import Stores

NOBODY = 999


def new_address(text: str) -> NewValues:
    return NewValues(address=address.parse(text))


def found(users: Users, user_id: int) -> User:
    user = users.find(user_id)
    assert user is not None
    return user


@pytest.mark.parametrize("same", ["ada@example.com", "ADA@EXAMPLE.COM", "ａｄａ@example.com"])
def test_an_address_belongs_to_one_user_however_it_is_typed(users: Users, same: str) -> None:
    users.add(a_new_user(email="Ada@example.com"))
    with pytest.raises(EmailTakenError):
        users.add(a_new_user(email=same))
    assert len(users.page(Listing(10)).users) == 1


def test_nobody_can_change_to_an_address_of_someone_else(users: Users) -> None:
    users.add(a_new_user(email="ada@example.com"))
    bob = users.add(a_new_user(email="bob@example.com"))
    with pytest.raises(EmailTakenError):
        users.change(bob.id, new_address("ADA@example.com"))
    assert found(users, bob.id) == bob


def test_a_user_can_write_their_own_address_differently(users: Users) -> None:
    ada = users.add(a_new_user(email="ada@example.com"))
    assert users.change(ada.id, new_address("Ada@Example.com")).email == "Ada@Example.com"


def test_a_change_touches_the_named_fields_only(users: Users) -> None:
    before = users.add(a_new_user())
    after = users.change(before.id, NewValues(name="Augusta"))
    assert (after.name, after.email, after.role, after.status) == ("Augusta", before.email, "user", "active")
    after = users.change(before.id, NewValues(role="admin", status="disabled"))
    assert (after.name, after.email, after.role, after.status) == ("Augusta", before.email, "admin", "disabled")
    assert after.created_at == before.created_at


def test_a_change_is_what_everyone_finds_from_then_on(users: Users) -> None:
    user = users.add(a_new_user())
    assert found(users, user.id).name == user.name, "and may be remembered"
    changed = users.change(user.id, NewValues(name="Augusta"))
    assert found(users, user.id) == changed
    assert users.page(Listing(1)).users == [changed]


def test_every_change_is_the_next_version_also_one_to_the_same_values(users: Users) -> None:
    user = users.add(a_new_user())
    versions = [users.change(user.id, NewValues(name=name)).version for name in ("A", "B", "B")]
    assert versions == [2, 3, 4]


def test_every_change_is_timed(users: Users) -> None:
    before = users.add(a_new_user())
    time.sleep(0.005)
    assert users.change(before.id, NewValues(name="Augusta")).updated_at > before.updated_at


def test_a_change_to_the_version_at_hand_is_made(users: Users) -> None:
    user = users.add(a_new_user())
    assert users.change(user.id, NewValues(name="Augusta"), frozenset({user.version})).version == 2
    assert users.change(user.id, NewValues(name="Ada"), frozenset({7, 2, 1})).version == 3


@pytest.mark.parametrize("versions", [frozenset({1}), frozenset({3}), frozenset({1, 3}), frozenset[int]()])
def test_a_change_to_any_other_version_is_refused_and_not_made(users: Users, versions: frozenset[int]) -> None:
    user = users.add(a_new_user())
    current = users.change(user.id, NewValues(name="Augusta"))
    with pytest.raises(StaleVersionError):
        users.change(user.id, NewValues(name="Ada"), versions)
    assert found(users, user.id) == current


@pytest.mark.parametrize("versions", [None, frozenset({1}), frozenset[int]()])
def test_a_missing_user_is_missing_whatever_the_version(users: Users, versions: frozenset[int] | None) -> None:
    with pytest.raises(UserNotFoundError):
        users.change(NOBODY, NewValues(name="Augusta"), versions)
    with pytest.raises(UserNotFoundError):
        users.remove(NOBODY, versions)


def test_a_stale_change_is_stale_even_if_it_wants_a_taken_address(users: Users) -> None:
    users.add(a_new_user(email="ada@example.com"))
    bob = users.add(a_new_user(email="bob@example.com"))
    with pytest.raises(StaleVersionError):
        users.change(bob.id, new_address("ada@example.com"), frozenset({bob.version + 1}))


def test_a_new_address_is_not_verified(stores: Stores) -> None:
    user = stores.users.add(a_new_user(email="ada@example.com"))
    stores.verify(user.id)
    assert not stores.users.change(user.id, new_address("augusta@example.com")).email_verified


@pytest.mark.parametrize("values", [new_address("ADA@example.com"), NewValues(name="Augusta"), NewValues(role="admin")])
def test_a_verified_address_stays_verified_while_it_means_the_same(stores: Stores, values: NewValues) -> None:
    user = stores.users.add(a_new_user(email="ada@example.com"))
    stores.verify(user.id)
    assert stores.users.change(user.id, values).email_verified
