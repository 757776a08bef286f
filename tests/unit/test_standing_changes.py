"""What changes somebody's standing goes through the fence, and what does not, does not."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from roster.auth.client import Client
from roster.auth.fenced import FencedAccounts
from roster.sessions.fenced import FencedSessions
from roster.sessions.repository import Lifetime, NewSession, Rotation
from roster.users.fenced import FencedUsers
from roster.users.listing import Listing
from roster.users.repository import NewValues

from tests.builders import a_new_user
from tests.fake_fence import FakeClock, FakeControlRows, FakeEnvironment, FakeFenceRedis
from tests.fake_sessions import FakeSessions
from tests.fake_tables import FakeTables
from tests.fakes import FakeAccounts, FakeUsers

CLIENT = Client("203.0.113.7", "pytest")
LIFETIME = Lifetime(60, 60)
SID = "018f0000-0000-7000-8000-000000000001"


class Stack:
    """User 1 with a session, behind the fence; *redis* tells what the fence did."""

    def __init__(self) -> None:
        clock = FakeClock()
        self.redis = FakeFenceRedis(clock)
        self.environment = FakeEnvironment(FakeControlRows(clock), self.redis, clock)
        fence = self.environment.cache
        tables = FakeTables()
        self.users = FencedUsers(FakeUsers(tables), lambda _, work: fence.change(["user"], work))
        self.accounts = FencedAccounts(FakeAccounts(tables), lambda _, work: fence.change(["user"], work))
        self.sessions = FencedSessions(FakeSessions(tables), fence)
        self.users.add(a_new_user())
        self.users.add(a_new_user(email="other@example.com", role="admin"))
        self.sessions.add(NewSession(SID, 1, b"h" * 32, CLIENT, None), LIFETIME)
        assert self.environment.control.lease()
        self.redis.ran.clear()


class Case(NamedTuple):
    do: Callable[[Stack], Any]
    is_fenced: bool


def _rotate(stack: Stack) -> Any:
    return stack.sessions.rotate(Rotation(b"h" * 32, b"i" * 32, b"s" * 32, CLIENT), LIFETIME)


CASES = {
    "one session ends": Case(lambda stack: stack.sessions.remove(1, SID), True),
    "a session whose token was used twice ends": Case(lambda stack: stack.sessions.remove_reused(1, SID), True),
    "all sessions end": Case(lambda stack: stack.sessions.remove_all(1), True),
    "disabled": Case(lambda stack: stack.users.change(1, NewValues(status="disabled")), True),
    "another role": Case(lambda stack: stack.users.change(1, NewValues(role="admin")), True),
    "erased": Case(lambda stack: stack.users.remove(1), True),
    "another password": Case(lambda stack: stack.accounts.change_password(1, "hash", "new"), True),
    "another name": Case(lambda stack: stack.users.change(1, NewValues(name="Augusta")), False),
    "another hash of the same password": Case(lambda stack: stack.accounts.rehash(1, "hash", "new"), False),
    "refreshed": Case(_rotate, False),
    "looked at": Case(
        lambda stack: (stack.users.find(1), stack.users.page(Listing(5)).users, stack.accounts.find(1)), False
    ),
    "listed": Case(lambda stack: stack.sessions.all_of(1), False),
}


@pytest.mark.parametrize("name", CASES)
def test_what_changes_a_standing_is_announced_and_taken_back(name: str) -> None:
    stack = Stack()
    CASES[name].do(stack)
    assert stack.redis.ran == (["begin", "end"] if CASES[name].is_fenced else [])


def test_opening_a_session_forgets_the_entry_since_it_may_have_ended_the_oldest_one() -> None:
    stack = Stack()
    stack.sessions.add(NewSession(SID.replace("1", "2"), 1, b"i" * 32, CLIENT, None), LIFETIME)
    assert stack.redis.ran == ["end"]
