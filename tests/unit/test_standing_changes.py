"""What changes a user, or what they may do, goes through the fence with all of its keys, and nothing else does."""

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from roster.auth.client import Client
from roster.auth.fenced import FencedAccounts
from roster.idempotency.models import NO_KEY, IdempotencyKey, Kind
from roster.links.fenced import FencedLinks
from roster.sessions.cached import key_of
from roster.sessions.fenced import FencedSessions
from roster.sessions.repository import Lifetime, NewSession, Rotation
from roster.users.fenced import FencedAnswers, FencedUsers
from roster.users.listing import Listing
from roster.users.models import User
from roster.users.repository import NewValues

from tests.builders import a_new_user
from tests.fake_answers import FakeAnswers
from tests.fake_fence import FakeClock, FakeControlRows, FakeEnvironment, FakeFenceRedis
from tests.fake_links import FakeAddressees, FakeLinks
from tests.fake_outbox import MailTables
from tests.fake_sessions import FakeSessions
from tests.fake_tables import FakeTables
from tests.fakes import FakeAccounts, FakeUsers

CLIENT = Client("203.0.113.7", "pytest")
LIFETIME = Lifetime(60, 60)
SID = "018f0000-0000-7000-8000-000000000001"
RESET, VERIFICATION, CONFIRMATION = "reset", "verification", "confirmation"
ROW, STANDING, NEW_ROW = "{user:1}:row", "{user:1}:standing", "{user:3}:row"
USER = Kind[User](User, lambda user: user.id)


class Stack:
    """User 1 with a session, behind the fence; *redis* tells what the fence did."""

    def __init__(self) -> None:
        clock = FakeClock()
        self.redis = FakeFenceRedis(clock)
        self.environment = FakeEnvironment(FakeControlRows(clock), self.redis, clock)
        fence, tables = self.environment.cache, FakeTables()
        self.behind, mails = FakeUsers(tables), MailTables(tables)
        self.users = FencedUsers(self.behind, fence)
        self.accounts = FencedAccounts(
            FakeAccounts(tables), lambda user_id, work: fence.change([key_of(user_id)], work)
        )
        self.sessions = FencedSessions(FakeSessions(tables), fence)
        self.links = FencedLinks(FakeLinks(mails), fence)
        self.answers = FencedAnswers(FakeAnswers(tables), fence)
        ada = self.users.add(a_new_user())
        self.users.add(a_new_user(email="other@example.com", role="admin"))
        self.sessions.add(NewSession(SID, 1, b"h" * 32, CLIENT, None), LIFETIME)
        mails.add_tokens(ada, reset_password=RESET, verify_email=VERIFICATION)
        addressees = FakeAddressees(mails)
        addressees.add(a_new_user("new@example.com"))
        (mail,) = mails.mails.values()
        addressees.make_link(mail.mail, hashed(CONFIRMATION))
        assert self.environment.control.lease()
        self.redis.touched.clear()

    def register(self, name: str | None) -> bool:
        """Register somebody by a request of that name; return whether that was done before."""
        key = IdempotencyKey(name, b"f" * 32) if name else NO_KEY
        return self.answers.first(key, USER, lambda: self.behind.add(a_new_user("eve@example.com"))).is_replayed


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Case(NamedTuple):
    do: Callable[[Stack], Any]
    keys: tuple[str, ...] = ()


def _rotate(stack: Stack) -> Any:
    return stack.sessions.rotate(Rotation(b"h" * 32, b"i" * 32, b"s" * 32, CLIENT), LIFETIME)


CASES = {
    "one session ends": Case(lambda stack: stack.sessions.remove(1, SID), (STANDING,)),
    "a session whose token was used twice ends": Case(lambda stack: stack.sessions.remove_reused(1, SID), (STANDING,)),
    "all sessions end": Case(lambda stack: stack.sessions.remove_all(1), (STANDING,)),
    "disabled": Case(lambda stack: stack.users.change(1, NewValues(status="disabled")), (ROW, STANDING)),
    "another role": Case(lambda stack: stack.users.change(1, NewValues(role="admin")), (ROW, STANDING)),
    "erased": Case(lambda stack: stack.users.remove(1), (ROW, STANDING)),
    "another password": Case(lambda stack: stack.accounts.change_password(1, "hash", "new"), (STANDING,)),
    "another name": Case(lambda stack: stack.users.change(1, NewValues(name="Augusta")), (ROW,)),
    "another password by a link": Case(
        lambda stack: stack.links.reset_password(hashed(RESET), 1, "new"), (ROW, STANDING)
    ),
    "a verified address": Case(lambda stack: stack.links.verify_email(hashed(VERIFICATION), 1), (ROW,)),
    "another hash of the same password": Case(lambda stack: stack.accounts.rehash(1, "hash", "new")),
    "refreshed": Case(_rotate),
    "looked at": Case(lambda stack: (stack.users.find(1), stack.users.page(Listing(5)).users, stack.accounts.find(1))),
    "links looked at": Case(
        lambda stack: (stack.links.find_reset(hashed(RESET)), stack.links.find_verification(hashed(VERIFICATION)))
    ),
    "listed": Case(lambda stack: stack.sessions.all_of(1)),
}


@pytest.mark.parametrize("name", CASES)
def test_what_changes_something_is_announced_and_taken_back(name: str) -> None:
    stack, case = Stack(), CASES[name]
    case.do(stack)
    assert stack.redis.touched == [(what, key) for what in ("begin", "end") for key in case.keys]


MADE: dict[str, Callable[[Stack], Any]] = {
    "added": lambda stack: stack.users.add(a_new_user("eve@example.com")),
    "registered by a link": lambda stack: stack.links.register(hashed(CONFIRMATION)),
    "registered": lambda stack: stack.register(None),
    "registered by a request with a name": lambda stack: stack.register("a name"),
}


@pytest.mark.parametrize("how", MADE)
def test_who_is_made_is_looked_for_anew_though_nobody_could_announce_them(how: str) -> None:
    stack = Stack()
    MADE[how](stack)
    assert stack.redis.touched == [("end", NEW_ROW)]


def test_an_answer_is_given_again_only_when_whom_it_is_about_is_seen_by_everyone() -> None:
    """Who gave it first may have died between the commit and taking back that nobody was there."""
    stack = Stack()
    assert not stack.register("a name")
    stack.redis.touched.clear()
    assert stack.register("a name")
    assert stack.redis.touched == [("end", NEW_ROW)]


def test_a_registration_that_waits_for_its_address_makes_nobody() -> None:
    stack = Stack()
    nobody = Kind[None](None, lambda _: None)
    stack.answers.first(NO_KEY, nobody, lambda: None)
    assert stack.redis.touched == []


def test_opening_a_session_forgets_the_entry_since_it_may_have_ended_the_oldest_one() -> None:
    stack = Stack()
    stack.sessions.add(NewSession(SID.replace("1", "2"), 1, b"i" * 32, CLIENT, None), LIFETIME)
    assert stack.redis.touched == [("end", STANDING)]
