"""Events that API Gateway would hardly send: none raises, none is answered with a 5xx, all stay in the contract."""

from typing import Any

import pytest

from tests.builders import an_event
from tests.envelope import assert_answer, assert_any_envelope
from tests.handlers.endpoints import ENDPOINTS, Endpoint
from tests.handlers.world import World

MAPS = ("headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters", "pathParameters",
    "stageVariables", "requestContext")  # fmt: skip
FIELDS = (*MAPS, "httpMethod", "resource", "path", "body", "isBase64Encoded")
ODD: tuple[Any, ...] = (
    None, {}, [], "", "text", "\0", "\ud800", 0, 5, -1.5, True, False, [None], [[]], {"": None}, {"accept": 5},
    {"accept": [5]}, {"accept": {"a": "b"}}, {"content-type": None}, {"If-Match": [None]}, {"authorization": []},
    {"user_id": {"a": 1}}, {"user_id": ["me"]}, {"authorizer": "admin"}, {"authorizer": {"sub": 1}},
    {"authorizer": {"sub": None, "role": []}}, {"authorizer": {"sub": "x", "role": "admin", "sid": "s"}},
    {"path": {"a": 1}, "requestId": ["r"]}, {"limit": [1, [2]]},
)  # fmt: skip
HEADERS = (
    "accept",
    "authorization",
    "content-type",
    "if-match",
    "if-none-match",
    "origin",
    "x-forwarded-for",
    "cookie",
)

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.stem)


def assert_answered(response: dict[str, Any]) -> None:
    """Check that the answer is in the contract and nobody is said to have failed."""
    assert response["statusCode"] < 500, response["body"]
    if response["statusCode"] < 400:
        assert_answer(response, response["statusCode"])
    elif response["body"]:
        assert_any_envelope(response)


@every_endpoint
def test_an_empty_event_is_answered(endpoint: Endpoint, world: World) -> None:
    assert_answered(world.call(endpoint.stem, {}))


@every_endpoint
@pytest.mark.parametrize("value", [None, {}, [], ""])
def test_an_event_of_nothing_is_answered(endpoint: Endpoint, value: Any, world: World) -> None:
    assert_answered(world.call(endpoint.stem, dict.fromkeys(FIELDS, value)))


@every_endpoint
@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_field_is_answered(endpoint: Endpoint, field: str, world: World) -> None:
    event = endpoint.event()
    del event[field]
    assert_answered(world.call(endpoint.stem, event))


@every_endpoint
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_another_type_is_answered(endpoint: Endpoint, field: str, world: World) -> None:
    for value in ODD:
        assert_answered(world.call(endpoint.stem, endpoint.event() | {field: value}))


@every_endpoint
@pytest.mark.parametrize("field", ["authorizer", "requestId", "path", "identity", "stage", "httpMethod"])
def test_a_field_of_the_context_of_another_type_is_answered(endpoint: Endpoint, field: str, world: World) -> None:
    for value in ODD:
        event = endpoint.event()
        event["requestContext"][field] = value
        assert_answered(world.call(endpoint.stem, event))


@every_endpoint
def test_null_headers_and_query_are_none(endpoint: Endpoint, world: World) -> None:
    event = endpoint.event() | dict.fromkeys(MAPS[:4])
    assert world.call(endpoint.stem, event)["statusCode"] == endpoint.status


@every_endpoint
@pytest.mark.parametrize(
    "value", ["", " ", ",", "\r\nSet-Cookie: a=b", "\0", "é", "\ud800", '"' * 3000, "x" * 8000], ids=range(9)
)
def test_odd_headers_are_answered_and_break_no_line(endpoint: Endpoint, value: str, world: World) -> None:
    for name in HEADERS:
        response = world.call(endpoint.stem, endpoint.event(headers={name: value}))
        assert_answered(response)
        assert "Set-Cookie" not in str(response["headers"])


@pytest.mark.parametrize(
    "path", ["/api/users/1%0d%0aSet-Cookie:a=b", "/api/users/\r\n", "/api/users/..", "/api/users/%00"]
)
def test_odd_paths_are_answered(path: str, world: World) -> None:
    for endpoint in ENDPOINTS:
        assert_answered(world.call(endpoint.stem, an_event(endpoint.method, path, endpoint.caller, endpoint.body)))
