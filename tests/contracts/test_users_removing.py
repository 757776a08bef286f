"""The contract of `Users`: erasing."""

import pytest
from roster.errors import StaleVersionError
from roster.users.listing import Listing
from roster.users.repository import NewValues, UserNotFoundError, Users

from tests.builders import a_new_user
from tests.contracts.conftest import Stores


def test_an_erased_user_is_nowhere(users: Users) -> None:
    gone, other = users.add(a_new_user()).id, users.add(a_new_user(email="bob@example.com")).id
    assert users.find(gone), "and may be remembered"
    users.remove(gone)
    assert users.find(gone) is None
    assert [user.id for user in users.page(Listing(10)).users] == [other]


def test_an_erased_user_cannot_be_changed_or_erased_again(users: Users) -> None:
    user = users.add(a_new_user())
    users.remove(user.id)
    with pytest.raises(UserNotFoundError):
        users.change(user.id, NewValues(name="Augusta"))
    with pytest.raises(UserNotFoundError):
        users.remove(user.id)


def test_an_address_is_free_again_once_its_user_is_erased_and_the_id_never_is(users: Users) -> None:
    gone = users.add(a_new_user(email="ada@example.com"))
    users.remove(gone.id)
    again = users.add(a_new_user(email="ada@example.com"))
    assert again.id > gone.id
    assert users.find(gone.id) is None


def test_many_users_can_be_erased(users: Users) -> None:
    for number in range(3):
        users.remove(users.add(a_new_user(email=f"user{number}@example.com")).id)
    assert users.page(Listing(10)).users == []


def test_only_the_version_at_hand_is_erased(users: Users) -> None:
    user = users.add(a_new_user())
    users.change(user.id, NewValues(name="Augusta"))
    with pytest.raises(StaleVersionError):
        users.remove(user.id, frozenset({1}))
    assert users.find(user.id)
    users.remove(user.id, frozenset({2}))
    assert users.find(user.id) is None


def test_an_erased_user_has_no_password_left(stores: Stores) -> None:
    user = stores.users.add(a_new_user(email="ada@example.com", password_hash="a hash"))
    stores.users.remove(user.id)
    assert stores.accounts.find(user.id) is None
    assert stores.accounts.find_by_address("ada@example.com") is None
    assert not stores.accounts.change_password(user.id, "a hash", "another")
