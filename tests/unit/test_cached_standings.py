"""Who may act, remembered: what an entry is good for, and what asks PostgreSQL all the same."""

import json
from typing import Any

import pytest
from roster.auth.caller import Role
from roster.infrastructure import deadline
from roster.sessions import cached
from roster.sessions.cached import CachedStandings
from roster.sessions.repository import Standing, StandingsByUser

from tests.fake_fence import E
from tests.unit.test_fenced_reads import Fence

HERE, THERE, NEW = "session-here", "session-there", "session-new"
FAR = 4e9


class Truth(StandingsByUser):
    """What PostgreSQL knows, and how often it was asked."""

    def __init__(self) -> None:
        self.standing: Standing | None = Standing("user", {HERE: FAR, THERE: FAR})
        self.asked: list[str] = []

    def find(self, user_id: int, session_id: str) -> Role | None:
        self.asked.append("find")
        return self.standing.role if self.standing and session_id in self.standing.ends else None

    def of(self, user_id: int) -> Standing | None:
        self.asked.append("of")
        return self.standing


class Gate:
    """Standings as an environment sees them."""

    def __init__(self) -> None:
        self.fence, self.truth = Fence(), Truth()
        self.standings = CachedStandings(self.truth, self.fence.here.cache)

    def find(self, session_id: str = HERE) -> tuple[Role | None, list[str]]:
        """Return the answer, and what PostgreSQL was asked for it."""
        self.truth.asked.clear()
        return self.standings.find(1, session_id), self.truth.asked

    def entry(self) -> list[Any]:
        (value,) = (value for key, (value, _) in self.fence.redis.values.items() if key.endswith(":v"))
        entry: list[Any] = json.loads(value)
        return entry

    def poison(self, entry: bytes) -> None:
        self.find()
        for key, (_, ends) in self.fence.redis.values.items():
            self.fence.redis.values[key] = entry, ends


@pytest.fixture
def gate() -> Gate:
    return Gate()


def test_the_second_request_asks_postgresql_nothing(gate: Gate) -> None:
    assert gate.find() == ("user", ["of"])
    assert gate.find() == ("user", [])


def test_one_entry_answers_for_all_sessions_of_a_user(gate: Gate) -> None:
    gate.find(HERE)
    assert gate.find(THERE) == ("user", [])


def test_an_entry_holds_role_and_ends_and_nothing_else(gate: Gate) -> None:
    gate.find()
    assert gate.entry() == [1, 1, "user", {HERE: FAR, THERE: FAR}]


def test_a_session_that_was_opened_since_is_found_and_remembered(gate: Gate) -> None:
    gate.find()
    gate.truth.standing = Standing("user", {HERE: FAR, NEW: FAR})
    assert gate.find(NEW) == ("user", ["of"])
    assert gate.find(NEW) == ("user", [])


def test_a_session_whose_time_came_is_asked_for_since_it_may_have_been_refreshed(gate: Gate) -> None:
    gate.truth.standing = Standing("user", {HERE: 1.0})
    gate.find()
    assert gate.find() == ("user", ["of"])
    gate.truth.standing = Standing("user", {})
    assert gate.find() == (None, ["of"])


def test_a_dead_session_is_remembered_as_that_and_the_others_stay(gate: Gate) -> None:
    assert gate.find("dead") == (None, ["of"])
    assert gate.find("dead") == (None, [])
    assert gate.find(HERE) == ("user", [])


def test_someone_who_is_gone_leaves_nothing_behind(gate: Gate) -> None:
    gate.truth.standing = None
    assert gate.find() == (None, ["of"])
    assert gate.fence.redis.values == {}, "nobody waits for a lease"


def test_the_entries_of_users_are_apart() -> None:
    assert cached.key_of(1) == "{user:1}:standing"
    assert cached.key_of(1) != cached.key_of(11)


def test_without_redis_postgresql_is_asked_about_the_one_session(gate: Gate) -> None:
    gate.find()
    gate.fence.redis.is_away = True
    assert gate.find() == ("user", ["find"])


def test_who_may_not_fill_asks_about_the_one_session(gate: Gate) -> None:
    question = gate.standings.ask(1)
    assert question
    gate.fence.redis.run(question.call)
    with deadline.within(0.5):
        assert gate.find() == ("user", ["find"])


def test_a_gate_asks_and_judges_in_two_steps(gate: Gate) -> None:
    gate.find()
    question = gate.standings.ask(1)
    assert question
    (answer,) = gate.fence.redis.run(question.call)
    gate.truth.asked.clear()
    assert gate.standings.found(1, HERE, question, answer) == "user"
    assert gate.truth.asked == []
    assert gate.standings.found(1, HERE, None, None) == "user"
    assert gate.truth.asked == ["find"]


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"not JSON",
        b"\xff",
        b"null",
        b"[]",
        b"[1]",
        b"{}",
        b"[" * 100_000,
        b'[1, 2, "admin", {"session-here": 4e9}]',
        b'[2, 1, "admin", {"session-here": 4e9}]',
        b'[1, 1, "root", {"session-here": 4e9}]',
        b'[1, 1, ["admin"], {"session-here": 4e9}]',
        b'[1, 1, "admin", ["session-here"]]',
        b'[1, 1, "admin", {"session-here": true}]',
        b'[1, 1, "admin", {"session-here": "4e9"}]',
        b'[1, 1, "admin", {"session-here": null}]',
        b'[true, true, "admin", {"session-here": 4e9}]',
        b'[1.0, 1, "admin", {"session-here": 4e9}]',
        b'[1, 1, "admin", {"session-here": NaN}]',
    ],
)
def test_an_odd_entry_is_a_miss_and_is_replaced(entry: bytes, gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate.poison(entry)
    assert gate.find() == ("user", ["of"])
    assert '"CacheEntryRefused":1' in capsys.readouterr().out
    assert gate.find() == ("user", [])


def test_after_a_change_of_standing_everyone_is_asked_for_anew(gate: Gate) -> None:
    gate.truth.standing = Standing("admin", {HERE: FAR, THERE: FAR})
    assert gate.find() == ("admin", ["of"])
    demoted = Standing("user", {HERE: FAR})
    gate.fence.there.cache.change([cached.key_of(1)], lambda: setattr(gate.truth, "standing", demoted))
    assert gate.find() == ("user", ["of"])
    assert gate.find(THERE) == (None, ["of"])


def test_a_lease_later_the_entry_is_still_good(gate: Gate) -> None:
    gate.find()
    gate.fence.clock.pass_by(5 * E)
    assert gate.find() == ("user", [])
