"""The cache in front of the users: what it remembers, what it asks Redis, and who sees a write."""

import pytest
from roster.errors import RosterError, StaleVersionError, UnavailableError
from roster.infrastructure import asked_ahead
from roster.users import cached, entries
from roster.users.listing import Listing
from roster.users.models import User
from roster.users.repository import EmailTakenError, NewValues, UserNotFoundError

from tests.builders import a_new_user
from tests.unit.cached_stack import Stack


@pytest.fixture
def stack() -> Stack:
    stack = Stack()
    stack.users.find(99)
    stack.behind.tables.calls.clear()
    stack.fence.redis.ran.clear()
    return stack


def test_the_second_look_is_answered_from_memory_and_is_the_same(stack: Stack) -> None:
    assert stack.users.find(1) == stack.users.find(1) == stack.elsewhere.find(1) == stack.user
    assert stack.look_ups() == 1


def test_a_hit_costs_one_question_and_a_miss_two(stack: Stack) -> None:
    stack.users.find(1)
    assert stack.fence.redis.ran == ["get", "fill"]
    stack.users.find(1)
    assert stack.fence.redis.ran == ["get", "fill", "get"]


def test_an_entry_lives_for_an_hour_at_most_and_not_as_long_as_others(stack: Stack) -> None:
    lives = []
    for _ in range(40):
        stack.users.find(1)
        lives.append(stack.fence.redis.values["{user:1}:row:1:v"][1] - stack.fence.clock.seconds)
        stack.users.change(1, NewValues(name="Ada"))
    assert 0.9 * 3600 <= min(lives) < max(lives) <= 3600
    assert len(set(lives)) > 20


def test_an_entry_holds_what_is_shown_of_a_user_and_nothing_else(stack: Stack) -> None:
    assert len(stack.entry()) == 1 + len(User.__dataclass_fields__)
    assert b"hash" not in (stack.kept() or b"")


def test_someone_who_is_not_there_is_remembered_as_that_for_a_minute(stack: Stack) -> None:
    assert stack.users.find(9) is stack.users.find(9) is stack.elsewhere.find(9) is None
    assert stack.look_ups() == 1
    assert stack.kept(9) == b"[2,9,null]"
    stack.fence.clock.pass_by(cached.MISSING_SECONDS + 1)
    assert stack.users.find(9) is None
    assert stack.look_ups() == 2


def test_who_is_made_is_seen_by_those_who_remembered_that_nobody_was_there(stack: Stack) -> None:
    assert stack.elsewhere.find(2) is None
    bob = stack.users.add(a_new_user("bob@example.com"))
    assert stack.elsewhere.find(2) == bob


def test_lists_pass_by_the_cache(stack: Stack) -> None:
    assert stack.users.page(Listing(10)).users == [stack.user]
    assert stack.fence.redis.ran == []


def test_without_redis_everything_comes_from_behind(stack: Stack) -> None:
    stack.fence.redis.is_away = True
    assert stack.users.find(1) == stack.users.find(1) == stack.user
    assert stack.users.change(1, NewValues(name="Bob")).name == "Bob"
    stack.users.remove(1)
    assert stack.users.find(1) is None


def test_a_change_is_seen_by_the_next_look_of_everyone(stack: Stack) -> None:
    stack.users.find(1)
    after = stack.users.change(1, NewValues(name="Bob"))
    assert stack.elsewhere.find(1) == stack.users.find(1) == after


def test_a_removed_user_is_gone_for_the_next_look_of_everyone(stack: Stack) -> None:
    stack.users.find(1)
    stack.users.remove(1)
    assert stack.elsewhere.find(1) is stack.users.find(1) is None
    assert stack.look_ups() == 2, "and is remembered as gone"


@pytest.mark.parametrize("error", [UnavailableError, StaleVersionError, EmailTakenError, UserNotFoundError])
@pytest.mark.parametrize("write", ["change", "remove"])
def test_a_write_that_fails_leaves_nothing_behind(write: str, error: type[RosterError], stack: Stack) -> None:
    stack.users.find(1)
    stack.behind.tables.fault = error()
    with pytest.raises(error):
        stack.users.change(1, NewValues(name="Bob")) if write == "change" else stack.users.remove(1)
    assert stack.kept() is None
    assert not any(stack.fence.redis.intents.values())


def test_a_look_that_fails_leaves_no_lease_that_others_would_wait_for(stack: Stack) -> None:
    stack.behind.tables.fault = UnavailableError()
    with pytest.raises(UnavailableError):
        stack.users.find(1)
    stack.behind.tables.fault = None
    assert stack.elsewhere.find(1) == stack.user
    assert stack.fence.clock.slept == []


def test_what_the_gate_has_asked_is_asked_no_more(stack: Stack) -> None:
    stack.users.find(1)
    with asked_ahead.nothing():
        ask_ahead(stack, 1)
        stack.fence.redis.ran.clear()
        assert stack.users.find(1) == stack.user
        assert stack.fence.redis.ran == []
        assert stack.users.find(1) == stack.user
        assert stack.fence.redis.ran == ["get"], "an answer is good for one look"


def test_a_miss_of_the_gate_is_filled_as_one_of_its_own(stack: Stack) -> None:
    with asked_ahead.nothing():
        ask_ahead(stack, 1)
        stack.fence.redis.ran.clear()
        assert stack.users.find(1) == stack.user
        assert stack.fence.redis.ran == ["fill"]


def test_what_was_asked_about_one_user_says_nothing_of_another(stack: Stack) -> None:
    stack.users.find(1)
    with asked_ahead.nothing():
        ask_ahead(stack, 1)
        assert stack.users.find(9) is None


def test_what_the_gate_was_told_is_worth_nothing_once_its_lease_is_over(stack: Stack) -> None:
    stack.users.find(1)
    with asked_ahead.nothing():
        ask_ahead(stack, 1)
        after = stack.elsewhere.change(1, NewValues(name="Bob"))
        stack.fence.clock.pass_by(1.1)
        assert stack.users.find(1) == after


def test_nothing_remains_for_the_next_request(stack: Stack) -> None:
    stack.users.find(1)
    with asked_ahead.nothing():
        ask_ahead(stack, 1)
    after = stack.elsewhere.change(1, NewValues(name="Bob"))
    ask_ahead(stack, 1)
    assert asked_ahead.taken(entries.key_of(1)) == (None, None), "outside of a request nothing is kept"
    with asked_ahead.nothing():
        assert stack.users.find(1) == after


def test_the_keys_of_two_users_differ() -> None:
    assert entries.key_of(1) == "{user:1}:row"
    assert entries.key_of(1) != entries.key_of(11)


def ask_ahead(stack: Stack, user_id: int) -> None:
    question = stack.fence.here.cache.ask(entries.key_of(user_id))
    assert question
    (answer,) = stack.fence.redis.run(question.call)
    asked_ahead.leave(question, answer)
