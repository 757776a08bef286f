"""The cache in front of the users: what it remembers, what it does not believe, and when it forgets."""

import pytest
from roster.errors import RosterError, StaleVersionError, UnavailableError
from roster.users import cached
from roster.users.listing import Listing
from roster.users.models import User
from roster.users.repository import EmailTakenError, NewValues, UserNotFoundError

from tests.builders import a_new_user
from tests.unit.cached_stack import Stack


@pytest.fixture
def stack() -> Stack:
    return Stack()


def test_the_second_look_is_answered_from_memory_and_is_the_same(stack: Stack) -> None:
    assert stack.users.find(1) == stack.users.find(1) == stack.user
    assert stack.look_ups() == 1


def test_an_entry_lives_for_an_hour_under_its_own_key(stack: Stack) -> None:
    lives: list[tuple[str, int]] = []
    stack.cache.set = lambda key, value, life_seconds: lives.append((key, life_seconds))  # type: ignore[method-assign]
    stack.users.find(1)
    assert lives == [("user:1", 3600)]


def test_an_entry_holds_no_hash_and_no_canonical_address(stack: Stack) -> None:
    stack.users.find(1)
    assert b"hash" not in stack.cache.entries["user:1"]
    assert len(stack.entry()) == 1 + len(User.__dataclass_fields__)


def test_a_missing_user_is_not_remembered(stack: Stack) -> None:
    assert stack.users.find(9) is None
    assert stack.cache.entries == {}


def test_lists_and_new_users_pass_by_the_cache(stack: Stack) -> None:
    assert stack.users.page(Listing(10)).users == [stack.user]
    stack.users.add(a_new_user("bob@example.com"))
    assert stack.cache.entries == {}


def test_without_a_cache_everything_comes_from_behind(stack: Stack) -> None:
    stack.cache.is_away = True
    assert stack.users.find(1) == stack.users.find(1) == stack.user
    assert stack.users.change(1, NewValues(name="Bob")).name == "Bob"
    stack.users.remove(1)
    assert stack.users.find(1) is None


def test_a_change_is_seen_by_the_next_look(stack: Stack) -> None:
    stack.users.find(1)
    after = stack.users.change(1, NewValues(name="Bob"))
    assert stack.users.find(1) == after


def test_a_removed_user_is_gone_for_the_next_look(stack: Stack) -> None:
    stack.users.find(1)
    stack.users.remove(1)
    assert stack.users.find(1) is None


@pytest.mark.parametrize("error", [UnavailableError, StaleVersionError, EmailTakenError, UserNotFoundError])
@pytest.mark.parametrize("write", ["change", "remove"])
def test_a_write_that_fails_forgets_the_entry_too(write: str, error: type[RosterError], stack: Stack) -> None:
    stack.users.find(1)
    stack.behind.tables.fault = error()
    with pytest.raises(error):
        stack.users.change(1, NewValues(name="Bob")) if write == "change" else stack.users.remove(1)
    assert "user:1" not in stack.cache.entries


def test_the_keys_of_two_users_differ() -> None:
    assert cached._key(1) != cached._key(11)
