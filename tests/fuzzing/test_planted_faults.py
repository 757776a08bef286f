"""The fuzzer finds what others have shipped: handlers with one mistake each."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import a_new_user
from tests.functions import handler_of
from tests.fuzzing.campaign import Campaign, Event
from tests.handlers import world as worlds
from tests.handlers.endpoints import BY_STEM

STEM = "change_password"
EVENTS = 2_000

Plant = Callable[[Campaign, Event, dict[str, Any]], dict[str, Any]]


def trips_over_null_headers(campaign: Campaign, event: Event, response: dict[str, Any]) -> dict[str, Any]:
    """Read headers that API Gateway sends as null where there are none."""
    for values in (event["multiValueHeaders"] or {}).values():
        values[0].lower()
    return response


def repeats_what_was_sent(campaign: Campaign, event: Event, response: dict[str, Any]) -> dict[str, Any]:
    """Tell which value was wrong."""
    return response | {"body": response["body"].replace("Some fields", str(event.get("body")).replace('"', "'"))}


def fails_at_large_numbers(campaign: Campaign, event: Event, response: dict[str, Any]) -> dict[str, Any]:
    """Answer 500 where a number has more than 64 bits."""
    return response | {"statusCode": 500} if "number_too_large" in response["body"] else response


def shows_its_error(campaign: Campaign, event: Event, response: dict[str, Any]) -> dict[str, Any]:
    return response | {"body": response["body"].replace("The request body is not", "KeyError('body'): it is not")}


def answers_head_with_a_body(campaign: Campaign, event: Event, response: dict[str, Any]) -> dict[str, Any]:
    return response | {"body": "{}"} if event.get("httpMethod") == "HEAD" else response


def has_a_code_of_its_own(campaign: Campaign, event: Event, response: dict[str, Any]) -> dict[str, Any]:
    return response | {"body": response["body"].replace("malformed_json", "bad_json")}


def lets_lines_into_headers(campaign: Campaign, event: Event, response: dict[str, Any]) -> dict[str, Any]:
    context = event.get("requestContext")
    path = str(context.get("path")) if isinstance(context, dict) else ""
    return response | {"headers": response["headers"] | {"Content-Location": path}}


def writes_before_it_refuses(campaign: Campaign, event: Event, response: dict[str, Any]) -> dict[str, Any]:
    """Leave half of the work behind."""
    if response["statusCode"] == 422:
        campaign.world.users.add(a_new_user(f"half-{campaign.world.tables.last_id}@example.com"))
    return response


def answers_a_number(campaign: Campaign, event: Event, response: dict[str, Any]) -> dict[str, Any]:
    is_odd = event.get("isBase64Encoded") is None
    return response | {"statusCode": str(response["statusCode"])} if is_odd else response


PLANTS: dict[Plant, str] = {
    trips_over_null_headers: "it raises",
    repeats_what_was_sent: "it tells",
    fails_at_large_numbers: "it answers 500",
    shows_its_error: "it tells KeyError",
    answers_head_with_a_body: "it has a body where there is none",
    has_a_code_of_its_own: "is not documented",
    lets_lines_into_headers: "a field of the response",
    writes_before_it_refuses: "has changed something",
    answers_a_number: "a field of the response",
}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found_and_shown_by_few_changes(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(event: Event, context: Any) -> dict[str, Any]:
        return plant(campaign, event, handler_of(STEM)(event, context))

    campaign = Campaign(BY_STEM[STEM], monkeypatch, spoilt)
    found = campaign.run(seed=26, count=EVENTS, pool=[])
    worlds.forget()
    assert found is not None
    assert PLANTS[plant] in str(found.faults)
    assert len(found.mutations) <= 2
    assert json.dumps(BY_STEM[STEM].event()) != json.dumps(found.event, default=repr)
