"""What a read costs on real servers: one round trip to Redis when all of it is remembered, and who takes no lease."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
import redis
from roster.api.gate import Visit
from roster.auth.caller import Caller
from roster.errors import UnauthenticatedError
from roster.infrastructure import asked_ahead
from roster.users import entries
from roster.wiring import gate

from tests.builders import a_session_id
from tests.contracts.house import House

pytestmark = pytest.mark.integration


class Costs(NamedTuple):
    """The status of an answer, how often Redis was written to for it, and how many statements PostgreSQL got."""

    status: int
    round_trips: int
    statements: int


class Desk:
    """Asks, and counts."""

    def __init__(self, house: House, round_trips: list[int], statements: list[str]) -> None:
        self.house = house
        self._round_trips, self._statements = round_trips, statements

    def get(self, caller: Caller, user: object, method: str = "GET", what: str = "") -> Costs:
        self._round_trips.clear()
        self._statements.clear()
        stem = "list_user_sessions" if what else "get_user"
        answer = self.house.call(stem, method, f"/api/users/{user}{what}", caller)
        return Costs(answer["statusCode"], len(self._round_trips), len(self._statements))


@pytest.fixture
def desk(house: House, round_trips: list[int], statements: list[str]) -> Desk:
    """Return a desk in an environment that has its connections and its lease, on a Redis that knows the scripts."""
    desk = Desk(house, round_trips, statements)
    for caller in (house.ada, house.admin):
        for _ in range(2):
            assert desk.get(caller, "me").status == 200
    return desk


@pytest.fixture
def look_into(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("user", [1, "me"])
def test_a_hit_costs_one_round_trip_and_no_statement(method: str, user: object, desk: Desk) -> None:
    assert desk.get(desk.house.ada, user, method) == (200, 1, 0)


def test_an_admins_look_at_somebody_else_costs_the_same(desk: Desk) -> None:
    assert desk.get(desk.house.admin, 1) == (200, 1, 0)


def test_a_list_of_sessions_costs_one_round_trip_and_one_statement(desk: Desk) -> None:
    assert desk.get(desk.house.ada, 1, what="/sessions") == (200, 1, 1)


def test_what_is_missed_costs_one_statement_and_one_round_trip_more_to_fill_it(
    desk: Desk, look_into: redis.Redis
) -> None:
    for places, costs in ((["{user:1}:row:*"], (200, 2, 1)), (["{user:1}:row:*", "{user:1}:standing:*"], (200, 3, 2))):
        for place in places:
            look_into.delete(*look_into.scan_iter(place))
        assert desk.get(desk.house.ada, 1) == costs
        assert desk.get(desk.house.ada, 1) == (200, 1, 0)


def test_a_missing_user_costs_postgresql_one_look_however_often_an_admin_asks(desk: Desk) -> None:
    assert desk.get(desk.house.admin, 999) == (404, 2, 1)
    assert [desk.get(desk.house.admin, 999) for _ in range(3)] == [(404, 1, 0)] * 3


def test_an_erased_user_is_missing_as_well(desk: Desk) -> None:
    assert desk.house.call("delete_user", "DELETE", "/api/users/1", desk.house.admin)["statusCode"] == 204
    assert desk.get(desk.house.admin, 1) == (404, 2, 1)
    assert [desk.get(desk.house.admin, 1) for _ in range(3)] == [(404, 1, 0)] * 3


def test_a_stranger_is_refused_after_one_round_trip_and_takes_no_lease(desk: Desk, look_into: redis.Redis) -> None:
    for user_id in (3, 999):
        assert desk.get(desk.house.ada, user_id) == (403, 1, 0)
        assert list(look_into.scan_iter(f"{entries.key_of(user_id)}:*")) == []


@pytest.mark.parametrize("user", ["1x", "0", "-1", "9" * 30])
def test_an_id_that_is_none_is_asked_nowhere(user: str, desk: Desk) -> None:
    assert desk.get(desk.house.admin, user) == (404, 1, 0)


def test_after_a_refusal_nothing_remains_of_what_was_asked(desk: Desk) -> None:
    visit = Visit("GET /api/users/{user_id}", "203.0.113.7", desk.house.ada, 1)
    gone = visit._replace(caller=desk.house.ada._replace(session_id=a_session_id(77)))
    with asked_ahead.nothing():
        with pytest.raises(UnauthenticatedError):
            gate.admit(gone)
        assert asked_ahead.taken(entries.key_of(1)) == (None, None)
        gate.admit(visit)
        question, _ = asked_ahead.taken(entries.key_of(1))
        assert question, "who is let in finds it"


@pytest.mark.parametrize("status", [401, 429])
def test_who_is_refused_leaves_no_lease_that_others_would_wait_for(
    status: int, desk: Desk, look_into: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = desk.house.ada
    if status == 429:
        monkeypatch.setenv("RATE_LIMITS_PERCENT", "1")
        while desk.get(caller, 1).status != status:
            pass
    else:
        caller = caller._replace(session_id=a_session_id(77))
    look_into.delete(*look_into.scan_iter("{user:1}:*"))
    assert desk.get(caller, 1).status == status
    assert list(look_into.scan_iter("{user:1}:*:l")) == []


def test_who_asks_too_often_is_refused_after_one_round_trip(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "1")
    answers = [desk.get(desk.house.ada, 1) for _ in range(10)]
    assert answers[-1] == (429, 1, 0)
