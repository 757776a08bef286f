"""Limits at the handlers: who asks too often is told so, and everybody is told where they stand."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from roster.api import limits
from roster.auth.caller import Caller

from tests.builders import PASSWORD, a_caller, an_event
from tests.envelope import PROBLEM_JSON, assert_answer, assert_any_envelope, assert_envelope
from tests.handlers.endpoints import ENDPOINTS, LIMITED, Endpoint
from tests.handlers.world import ADA, World

ITEMS = r'"[a-z-]+"(;[a-z]=\d+){2}(, "[a-z-]+"(;[a-z]=\d+){2})*'


NOON = 1_795_348_800.0


@pytest.fixture(autouse=True)
def _limits_of_a_deployment_at_noon(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Limit as a deployment does, on clocks that stand still."""
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "100")
    clock = SimpleNamespace(time=lambda: NOON, time_ns=lambda: int(NOON) * 10**9)
    monkeypatch.setattr("fakeredis.commands_mixins.server_mixin.time", clock)
    monkeypatch.setattr("roster.infrastructure.rate_limits.memory.time", clock)


def from_source(event: dict[str, Any], address: object) -> dict[str, Any]:
    event["requestContext"]["identity"]["sourceIp"] = address
    return event


def log_in(
    world: World, source: object = "203.0.113.7", email: str = "ada@example.com", **headers: str
) -> dict[str, Any]:
    body = {"email": email, "password": PASSWORD}
    event = an_event("POST", "/api/auth/login", body=body, headers=headers)
    return world.call("log_in", from_source(event, source))


def change_password(world: World, caller: Caller = ADA, **headers: str) -> dict[str, Any]:
    body = {"current_password": "wrong", "new_password": "another lighthouse"}
    path = f"/api/users/{caller.user_id}/password"
    return world.call("change_password", an_event("PUT", path, caller, body, headers))


def statuses(answers: Iterator[dict[str, Any]]) -> list[int]:
    return [answer["statusCode"] for answer in answers]


@pytest.mark.parametrize("endpoint", LIMITED, ids=lambda endpoint: endpoint.stem)
def test_every_answer_of_a_limited_endpoint_says_where_the_client_stands(endpoint: Endpoint, world: World) -> None:
    headers = world.call(endpoint.stem, endpoint.event())["headers"]
    assert re.fullmatch(ITEMS, headers["RateLimit"])
    assert re.fullmatch(ITEMS, headers["RateLimit-Policy"])
    exposed = headers["Access-Control-Expose-Headers"].split(", ")
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed)


@pytest.mark.parametrize("endpoint", LIMITED, ids=lambda endpoint: endpoint.stem)
def test_no_limited_endpoint_is_without_a_limit(
    endpoint: Endpoint, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "1")
    answers = (world.call(endpoint.stem, endpoint.event()) for _ in range(13))
    refusal = next(answer for answer in answers if answer["statusCode"] == 429)
    assert_envelope(refusal, 429, "too_many_requests")
    assert int(refusal["headers"]["Retry-After"]) >= 1


def test_a_caller_and_their_source_are_counted_together(world: World) -> None:
    headers = world.call("get_user", an_event(caller=ADA))["headers"]
    assert headers["RateLimit-Policy"] == '"caller";q=600;w=60, "source";q=1200;w=60'
    assert headers["RateLimit"] == '"caller";r=599;t=1, "source";r=1199;t=1'


def test_head_is_counted_as_get_is(world: World) -> None:
    world.call("get_user", an_event("HEAD", caller=ADA))
    assert '"caller";r=598' in world.call("get_user", an_event("GET", caller=ADA))["headers"]["RateLimit"]
    assert '"caller";r=597' in world.call("get_user", an_event("HEAD", caller=ADA))["headers"]["RateLimit"]


def test_errors_tell_and_count_too(world: World) -> None:
    answers = [change_password(world) for _ in range(3)]
    assert statuses(iter(answers)) == [422] * 3
    assert [re.findall(r"r=(\d+)", answer["headers"]["RateLimit"]) for answer in answers] == [["9"], ["8"], ["7"]]


def test_who_asks_too_often_gets_429_and_hears_when_to_come_back(world: World) -> None:
    assert statuses(change_password(world) for _ in range(10)) == [422] * 10
    refusal = change_password(world)
    assert_envelope(refusal, 429, "too_many_requests")
    assert refusal["headers"]["Retry-After"] == "6"
    assert refusal["headers"]["RateLimit"] == '"password-caller";r=0;t=6'


def test_the_refusal_is_problem_json_for_who_prefers_that(world: World) -> None:
    refusal = [change_password(world, Accept=PROBLEM_JSON) for _ in range(11)][-1]
    assert_any_envelope(refusal)
    assert assert_answer(refusal, 429)["code"] == "too_many_requests"
    assert {"Retry-After", "RateLimit", "RateLimit-Policy"} <= refusal["headers"].keys()


def test_a_refused_request_does_nothing(world: World) -> None:
    for _ in range(10):
        change_password(world)
    world.tables.calls.clear()
    assert change_password(world)["statusCode"] == 429
    assert not [call for call in world.tables.calls if call.startswith("accounts.")]


def test_one_callers_limit_is_not_anothers(world: World) -> None:
    bob = a_caller(user_id=world.add("bob@example.com").id)
    assert statuses(change_password(world) for _ in range(11))[-1] == 429
    assert change_password(world, bob)["statusCode"] == 422


def test_logins_are_limited_by_source_whatever_the_client_writes(world: World) -> None:
    emails = [f"user-{number}@example.com" for number in range(31)]
    spoofed = {"X-Forwarded-For": "198.51.100.1", "X-Real-Ip": "198.51.100.2", "Forwarded": "for=198.51.100.3"}
    answers = [log_in(world, email=email, **spoofed) for email in emails]
    assert statuses(iter(answers)) == [401] * 30 + [429]
    assert answers[-1]["headers"]["Retry-After"] == "2"
    assert log_in(world, "203.0.113.8", "user-31@example.com")["statusCode"] == 401


def test_a_network_of_ipv6_is_one_source(world: World) -> None:
    for number in range(30):
        log_in(world, f"2001:db8::{number:x}", f"user-{number}@example.com")
    assert log_in(world, "2001:db8::ffff:ffff:ffff:ffff", "bob@example.com")["statusCode"] == 429
    assert log_in(world, "2001:db8:0:1::1", "bob@example.com")["statusCode"] == 401


@pytest.mark.parametrize("source", [None, "", "nonsense", 7, [], {"a": 1}, "\x00", "x" * 10_000])
def test_a_source_that_is_no_address_is_still_a_source(source: object, world: World) -> None:
    answer = log_in(world, source)
    assert answer["statusCode"] == 200
    assert '"login-source";r=29' in answer["headers"]["RateLimit"]


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_logins_are_limited_by_account_from_wherever_they_come_and_whether_or_not_there_is_one(
    email: str, world: World
) -> None:
    spellings = [email, email.upper(), f" {email} ", email.title(), email]
    answers = [log_in(world, f"203.0.113.{number}", spellings[number % 5]) for number in range(11)]
    assert set(statuses(iter(answers[:10]))) <= {200, 401}
    assert_envelope(answers[10], 429, "too_many_requests")
    assert '"login-account";r=0' in answers[10]["headers"]["RateLimit"]


def route_of(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.event()['resource']}"


@pytest.mark.parametrize("route", [route for route, row in limits.rows().items() if row.account])
def test_whatever_limits_accounts_is_asked(route: str, world: World) -> None:
    (endpoint,) = (each for each in ENDPOINTS if route_of(each) == route)
    policy = limits.limits_of(route).account
    assert policy
    events = [from_source(endpoint.event(), f"203.0.113.{number}") for number in range(policy.quota + 1)]
    answers = [world.call(endpoint.stem, event) for event in events]
    assert [status == 429 for status in statuses(iter(answers))] == [False] * policy.quota + [True]
    assert f'"{policy.name}";r=0' in answers[-1]["headers"]["RateLimit"]


def test_logins_are_counted_in_postgresql_while_redis_is_away(world: World) -> None:
    world.cache.is_away = True
    answers = [log_in(world, email=f"user-{number}@example.com") for number in range(31)]
    assert statuses(iter(answers)) == [401] * 30 + [429]
    assert "rate_limits.take" in world.tables.calls


def test_reads_are_counted_by_the_process_while_redis_is_away(world: World) -> None:
    world.cache.is_away = True
    answers = [world.call("get_user", an_event(caller=ADA)) for _ in range(601)]
    assert statuses(iter(answers)) == [200] * 600 + [429]
    assert "rate_limits.take" not in world.tables.calls


def test_where_nothing_is_limited_nothing_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "0")
    answers = [log_in(world) for _ in range(40)]
    assert statuses(iter(answers)) == [200] * 40
    assert not {"RateLimit", "RateLimit-Policy"} & answers[0]["headers"].keys()
