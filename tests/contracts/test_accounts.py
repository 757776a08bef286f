"""The contract of `Accounts`."""

import time

import pytest
from roster.auth import address
from roster.auth.postgres import PostgresAccounts
from roster.auth.repository import Account, Accounts
from roster.infrastructure.database import Database
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues

from tests.builders import a_new_user
from tests.contracts.conftest import Stores
from tests.racing import race


def test_an_account_is_found_by_its_canonical_address_and_by_its_id(stores: Stores) -> None:
    user = stores.users.add(a_new_user(email="Ada@Example.com", role="admin", password_hash="a hash"))
    account = Account(
        user.id,
        "admin",
        True,
        "a hash",
        user.created_at,
        has_second_factor=False,
        email="Ada@Example.com",
        name="Ada Lovelace",
    )
    assert stores.accounts.find_by_address("ada@example.com") == account
    assert stores.accounts.find(user.id) == account


@pytest.mark.parametrize("canonical", ["bob@example.com", "ADA@example.com", "ada@example.co", "%", ""])
def test_nobody_is_found_by_any_other_text(stores: Stores, canonical: str) -> None:
    stores.users.add(a_new_user(email="ada@example.com"))
    assert stores.accounts.find_by_address(canonical) is None


def test_nobody_is_found_by_an_id_that_was_never_given(accounts: Accounts) -> None:
    assert accounts.find(999) is None


def test_an_account_follows_its_user(stores: Stores) -> None:
    user = stores.users.add(a_new_user(email="ada@example.com"))
    moved = NewValues(address=address.parse("augusta@example.com"), role="admin", status="disabled")
    stores.users.change(user.id, moved)
    account = stores.accounts.find_by_address("augusta@example.com")
    assert account is not None
    assert (account.user_id, account.role, account.is_active) == (user.id, "admin", False)
    assert account.email == "augusta@example.com"
    assert stores.accounts.find_by_address("ada@example.com") is None


def test_a_password_is_replaced_if_it_still_is_the_old_one(stores: Stores) -> None:
    user = stores.users.add(a_new_user(password_hash="old"))
    assert stores.accounts.change_password(user.id, "old", "new")
    assert hash_of(stores, user.id) == "new"


def test_a_password_that_changed_meanwhile_is_left_alone(stores: Stores) -> None:
    user = stores.users.add(a_new_user(password_hash="old"))
    assert not stores.accounts.change_password(user.id, "older", "new")
    assert not stores.accounts.change_password(user.id + 1, "old", "new")
    assert hash_of(stores, user.id) == "old"


def test_a_new_password_is_no_new_version_of_the_user(stores: Stores) -> None:
    user = stores.users.add(a_new_user(password_hash="old"))
    stores.accounts.change_password(user.id, "old", "new")
    assert stores.users.find(user.id) == user


def test_a_hash_is_renewed_if_it_still_is_the_old_one(stores: Stores) -> None:
    user = stores.users.add(a_new_user(password_hash="old"))
    assert stores.accounts.rehash(user.id, "old", "new")
    assert hash_of(stores, user.id) == "new"
    assert stores.users.find(user.id) == user


def test_a_hash_that_changed_meanwhile_is_not_renewed(stores: Stores) -> None:
    user = stores.users.add(a_new_user(password_hash="old"))
    assert not stores.accounts.rehash(user.id, "older", "new")
    assert not stores.accounts.rehash(user.id + 1, "old", "new")
    assert hash_of(stores, user.id) == "old"


@pytest.mark.integration
def test_a_password_is_changed_by_its_owner_and_not_by_a_renewed_hash(database: Database) -> None:
    accounts = PostgresAccounts(lambda: database)
    user = PostgresUsers(lambda: database).add(a_new_user(password_hash="old"))

    def changed_at() -> object:
        return database.fetch_one("SELECT changed_at FROM user_passwords WHERE user_id = %(id)s", {"id": user.id})

    chosen_at = changed_at()
    time.sleep(0.002)  # the column counts milliseconds
    assert accounts.rehash(user.id, "old", "new")
    assert changed_at() == chosen_at
    assert accounts.change_password(user.id, "new", "newer")
    assert changed_at() != chosen_at


def test_of_many_who_replace_a_password_at_once_one_does(stores: Stores) -> None:
    user = stores.users.add(a_new_user(password_hash="old"))
    outcomes = race(16, lambda number: stores.accounts.change_password(user.id, "old", f"new {number}"))
    assert sorted(outcomes) == [False] * 15 + [True]
    assert hash_of(stores, user.id) == f"new {outcomes.index(True)}"


def hash_of(stores: Stores, user_id: int) -> str:
    account = stores.accounts.find(user_id)
    assert account is not None
    return account.password_hash


@pytest.mark.parametrize(
    "canonical", ["", "a", "ada@example.co", "ada@example.comx", "b@example.com", "zz@example.com"]
)
def test_whoever_comes_next_to_an_address_is_not_taken_for_its_owner(stores: Stores, canonical: str) -> None:
    for email in ("ada@example.com", "bob@example.com"):
        stores.users.add(a_new_user(email=email))
    assert stores.accounts.find_by_address(canonical) is None


def test_among_nobody_nobody_is_found(accounts: Accounts) -> None:
    assert accounts.find_by_address("ada@example.com") is None
