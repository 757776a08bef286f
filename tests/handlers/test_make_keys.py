"""The function that makes keys: what a deployment invokes, and an operator when a key was stolen."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from roster.infrastructure import custom_resources

from tests.builders import a_context, an_event
from tests.envelope import assert_answer
from tests.functions import handler_of
from tests.handlers import keys
from tests.handlers.world import World
from tests.rotating import SEALING, SIGNING, Deployment

SAMPLE = json.loads((Path(__file__).parents[2] / "events" / "make_keys.json").read_text("utf-8"))


@pytest.fixture
def deployment(world: World, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    return keys.deployed(monkeypatch)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(custom_resources, "send", lambda url, body: told.append(json.loads(body)))
    return told


def make(event: dict[str, Any]) -> None:
    handler_of("make_keys")(event, a_context())


def test_a_deployment_ends_with_keys_that_log_somebody_in(
    deployment: Deployment, told: list[dict[str, Any]], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(SAMPLE)
    assert [answer["Status"] for answer in told] == ["SUCCESS"]
    keys.put_into(monkeypatch, deployment)
    credentials = {"email": "ada@example.com", "password": keys.PASSWORD}
    answer = assert_answer(world.call("log_in", an_event("POST", "/api/auth/login", body=credentials)), 200)
    event = {"methodArn": "arn:aws:execute-api:eu-central-1:123456789012:a/dev/GET/x", "type": "TOKEN"}
    policy = world.call("authorize_request", event | {"authorizationToken": f"Bearer {answer['access_token']}"})
    assert policy["context"]["sub"] == "1"


def test_the_next_deployment_changes_no_key(deployment: Deployment, told: list[dict[str, Any]]) -> None:
    make(SAMPLE)
    before = [deployment.value(name) for name in (SIGNING, SEALING)]
    make(SAMPLE | {"RequestType": "Update"})
    make(SAMPLE | {"RequestType": "Delete"})
    make({})
    assert [deployment.value(name) for name in (SIGNING, SEALING)] == before
    assert len(told) == 3


def test_a_deployment_that_gets_no_keys_fails_and_says_why(
    deployment: Deployment, told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(number: int) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "s3cret"}}, "GetSecretValue")

    deployment.client.before = refuse
    make(SAMPLE)
    monkeypatch.setenv("JWT_SIGNING_KEY", "")
    make(SAMPLE)
    assert [(answer["Status"], answer["Reason"]) for answer in told] == [
        ("FAILED", "AccessDeniedException by GetSecretValue"),
        ("FAILED", "The environment variable JWT_SIGNING_KEY is not set."),
    ]


def test_an_operator_replaces_what_signs_and_not_what_seals(deployment: Deployment) -> None:
    make({})
    before = [deployment.value(name) for name in (SIGNING, SEALING)]
    make({"replace": True})
    assert deployment.value(SIGNING)["kid"] not in (before[0]["kid"], before[0]["next"]["kid"])
    assert deployment.value(SEALING) == before[1]


def test_other_faults_are_named_by_their_kind(
    deployment: Deployment, told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(number: int) -> None:
        raise RuntimeError("s3cret")

    deployment.client.before = fail
    make(SAMPLE)
    assert told[0]["Reason"] == "RuntimeError"


@pytest.mark.parametrize("odd", ["yes", 1, {}, False])
def test_nothing_is_replaced_by_mistake(odd: object, deployment: Deployment) -> None:
    make({})
    before = deployment.value(SIGNING)
    make({"replace": odd})
    assert deployment.value(SIGNING) == before
