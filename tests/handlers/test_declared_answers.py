"""The answers that the OpenAPI document declares are those that handlers give: none is missing, none is made up."""

import json
from typing import Any

import pytest

from tests.builders import an_event
from tests.handlers import recorder
from tests.handlers.endpoints import BY_STEM, LIMITED, STORELESS
from tests.handlers.recorder import Sight
from tests.handlers.world import ADA, World

ONLY_THE_GATEWAY = {
    "malformed_request": "what it cannot read reaches no function",
    "timeout": "no function outlives it",
}
ONLY_THE_GATEWAY_WHERE_NOTHING_IS_COUNTED = "too_many_requests"
ONLY_THE_GATEWAY_WHERE_NOTHING_CAN_FAIL = "internal_error"


def is_only_of_the_gateway(sight: Sight) -> bool:
    is_limited = sight.operation in {endpoint.stem for endpoint in LIMITED}
    return (
        sight.code in ONLY_THE_GATEWAY
        or (sight.code == ONLY_THE_GATEWAY_WHERE_NOTHING_IS_COUNTED and not is_limited)
        or (sight.code == ONLY_THE_GATEWAY_WHERE_NOTHING_CAN_FAIL and sight.operation in STORELESS)
    )


def get_user(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    event = an_event(path="/api/users/1", caller=ADA)
    return event, world.call("get_user", event)


def changed(response: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return response | {"body": json.dumps(json.loads(response["body"]) | fields)}


def without(response: dict[str, Any], name: str) -> dict[str, Any]:
    body = json.loads(response["body"])
    return response | {"body": json.dumps({field: value for field, value in body.items() if field != name})}


def test_what_is_declared_is_answered(all_handlers_are_tested: bool) -> None:
    if not all_handlers_are_tested:
        pytest.skip("only some tests of handlers run")
    assert [sight for sight in recorder.unseen() if not is_only_of_the_gateway(sight)] == []


@pytest.mark.parametrize("endpoint", BY_STEM.values(), ids=lambda endpoint: endpoint.stem)
def test_every_endpoint_declares_what_its_good_request_is_answered(endpoint: Any) -> None:
    if endpoint.stem != "refuse_route":
        assert Sight(endpoint.stem, endpoint.status) in recorder.declared()


def test_an_undeclared_status_is_found(world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match="get_user answered 418: "):
        recorder.observe("get_user", event, response | {"statusCode": 418})


def test_an_undeclared_code_is_found(world: World) -> None:
    event = an_event(path="/api/users/1")
    response = world.call("get_user", event)
    error = json.loads(response["body"])["error"] | {"code": "wrong_credentials"}
    with pytest.raises(AssertionError, match="get_user answered 401 wrong_credentials: "):
        recorder.observe("get_user", event, changed(response, error=error))


def test_a_field_that_is_not_declared_is_found(world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match="version"):
        recorder.observe("get_user", event, changed(response, version=1))


@pytest.mark.parametrize("name", ["id", "email", "created_at"])
def test_a_field_that_is_gone_is_found(name: str, world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match=f'"{name}" is a required property'):
        recorder.observe("get_user", event, without(response, name))


@pytest.mark.parametrize(
    "fields", [{"id": "1"}, {"role": "owner"}, {"created_at": "2026-11-22T12:00:00Z"}, {"name": None}]
)
def test_a_value_of_another_kind_is_found(fields: dict[str, Any], world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match="does not know"):
        recorder.observe("get_user", event, changed(response, **fields))


def test_a_header_that_is_not_declared_is_found(world: World) -> None:
    event, response = get_user(world)
    with pytest.raises(AssertionError, match="with Location: "):
        recorder.observe("get_user", event, response | {"headers": response["headers"] | {"Location": "/"}})


def test_an_answer_that_nobody_gives_is_found() -> None:
    assert Sight("get_user", 504, "timeout") in recorder.unseen()
