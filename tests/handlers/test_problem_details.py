"""Every kind of error of every endpoint, told twice: in the envelope, and as RFC 9457 to who prefers that."""

import json
from typing import Any

import pytest
from roster.errors import OutcomeUnknownError, UnavailableError

from tests.builders import an_event
from tests.envelope import PROBLEM_JSON, assert_answer, assert_any_envelope
from tests.handlers.endpoints import ABOUT_A_USER, ENDPOINTS, REACHING_STORES, WITH_BODY, WITH_CALLER, Endpoint
from tests.handlers.test_every_endpoint import every_endpoint_in_json
from tests.handlers.world import STRANGER, World

Event = dict[str, Any]
PLAIN, NOT_JSON = "application/json, */*;q=0.5", "application/problem+json, */*;q=0.5"


def bad_requests(endpoint: Endpoint) -> dict[int, Event]:
    """Return one bad request for each status that input alone can bring about."""
    events = {406: endpoint.event(headers={"Accept": "application/nothing"})}
    if endpoint.stem == "refuse_route":
        return events | {404: endpoint.event(), 405: endpoint.event() | {"resource": "/api/users"}}
    events[422] = endpoint.event(query={"nobody": "knows"})
    if endpoint in WITH_CALLER:
        events[401] = endpoint.event(caller=None)
    if endpoint in ABOUT_A_USER:
        events |= {403: endpoint.event(caller=STRANGER), 404: endpoint.event() | {"pathParameters": {"user_id": "x"}}}
    if endpoint in WITH_BODY:
        events[400] = endpoint.event(body="{")
        events[413] = endpoint.event(body=" " * (256 * 1024 + 1))
        events[415] = endpoint.event(headers={"Content-Type": "text/plain"})
    return events


def told_twice(world: World, endpoint: Endpoint, event: Event, status: int) -> None:
    """Check that both forms are answered, with the same facts, and that nothing else differs."""
    answers = [world.call(endpoint.stem, preferring(event, accept)) for accept in (PLAIN, NOT_JSON)]
    error, problem = (assert_answer(answer, status) for answer in answers)
    assert_any_envelope(answers[1])
    assert answers[1]["headers"]["Content-Type"] == PROBLEM_JSON
    told = error["error"]
    assert (told["status"], told["code"], told["message"]) == (problem["status"], problem["code"], problem["detail"])
    assert problem["instance"] == f"urn:uuid:{told['request_id']}"
    assert problem["errors"] == told["details"]
    assert unlimited(answers[0]) == unlimited(answers[1])


def preferring(event: Event, accept: str) -> Event:
    """Return the event with another Accept, but for one that is about it."""
    others = dict(event["multiValueHeaders"] or {})
    return event | {"multiValueHeaders": {"Accept": [accept]} | others}


def unlimited(response: dict[str, Any]) -> dict[str, str]:
    """Return the headers but for what is meant to differ."""
    return {name: value for name, value in response["headers"].items() if name not in ("Content-Type", "RateLimit")}


@every_endpoint_in_json
def test_what_input_brings_about_is_told_in_both_forms(endpoint: Endpoint, world: World) -> None:
    for status, event in bad_requests(endpoint).items():
        if status == 406:
            assert json.loads(world.call(endpoint.stem, event)["body"])["error"]["code"] == "not_acceptable"
        else:
            told_twice(world, endpoint, event, status)


@pytest.mark.parametrize("endpoint", REACHING_STORES, ids=lambda endpoint: endpoint.stem)
@pytest.mark.parametrize(
    ("fault", "status"), [(UnavailableError(), 503), (OutcomeUnknownError(), 503), (RuntimeError("a bug"), 500)]
)
def test_what_goes_wrong_here_is_told_in_both_forms(
    endpoint: Endpoint, fault: Exception, status: int, world: World
) -> None:
    world.fail(fault)
    if endpoint.stem != "check_health" or status == 500:
        told_twice(world, endpoint, endpoint.event(), status)


def test_what_is_down_is_told_beside_the_problem(world: World) -> None:
    world.fail()
    problem = assert_answer(world.call("check_health", an_event(path="/api/health", headers={"Accept": NOT_JSON})), 503)
    assert (problem["status"], problem["code"], problem["checks"]["database"]["status"]) == (503, "unhealthy", "down")


@every_endpoint_in_json
def test_who_takes_no_problem_json_gets_none(endpoint: Endpoint, world: World) -> None:
    for event in bad_requests(endpoint).values():
        accept = "application/problem+json;q=0, */*;q=0.5"
        response = world.call(endpoint.stem, preferring(event, accept))
        assert response["headers"]["Content-Type"] == "application/json; charset=utf-8"


def test_every_status_that_input_brings_about_is_among_them() -> None:
    found = {status for endpoint in ENDPOINTS for status in bad_requests(endpoint)}
    assert found == {400, 401, 403, 404, 405, 406, 413, 415, 422}
