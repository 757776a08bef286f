"""What API Gateway answers by itself has the envelope of every other error."""

import json
import re
from typing import Any

import pytest
from roster.api import problems
from roster.errors import RosterError

from tests.structure import project

# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
TYPES = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": 400,
    "DEFAULT_5XX": 500,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 500,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
VARIABLES = {"$context.requestTime", "$context.requestId"}


def response(kind: str) -> dict[str, Any]:
    return dict(project.api()["GatewayResponses"][kind])


def error_of(kind: str) -> dict[str, Any]:
    (media_type, body), *others = response(kind)["ResponseTemplates"].items()
    assert (media_type, others) == ("application/json", [])
    return dict(json.loads(body)["error"])


def test_every_kind_of_response_is_ours_with_the_status_of_the_contract() -> None:
    assert {kind: each["StatusCode"] for kind, each in project.api()["GatewayResponses"].items()} == TYPES


@pytest.mark.parametrize("kind", TYPES)
def test_its_body_is_the_envelope_of_all_errors(kind: str) -> None:
    ours = problems.envelope(RosterError(), "any")["error"]
    assert {name: type(value) for name, value in error_of(kind).items()} == {
        name: type(value) for name, value in ours.items()
    }


@pytest.mark.parametrize("kind", TYPES)
def test_body_and_status_line_agree(kind: str) -> None:
    assert error_of(kind)["status"] == response(kind)["StatusCode"]


@pytest.mark.parametrize("kind", TYPES)
def test_it_names_the_request_and_its_time(kind: str) -> None:
    error = error_of(kind)
    assert {error["timestamp"], error["request_id"]} == VARIABLES
    assert set(re.findall(r"\$[\w.]+", str(response(kind)["ResponseTemplates"]))) == VARIABLES


@pytest.mark.parametrize("kind", TYPES)
def test_a_web_page_may_read_it(kind: str) -> None:
    headers = response(kind)["ResponseParameters"]["Headers"]
    assert headers["Access-Control-Allow-Origin"] == {"Fn::Sub": "'${CorsOrigin}'"}


@pytest.mark.parametrize("kind", TYPES)
def test_nobody_keeps_it(kind: str) -> None:
    assert response(kind)["ResponseParameters"]["Headers"]["Cache-Control"] == "'no-store'"


def test_401_says_how_to_authenticate() -> None:
    assert response("UNAUTHORIZED")["ResponseParameters"]["Headers"]["WWW-Authenticate"] == "'Bearer'"


@pytest.mark.parametrize("kind", [kind for kind, status in TYPES.items() if status == 429])
def test_429_says_when_to_come_back(kind: str) -> None:
    assert re.fullmatch(r"'[1-9]\d*'", response(kind)["ResponseParameters"]["Headers"]["Retry-After"])


@pytest.mark.parametrize("kind", TYPES)
def test_the_same_code_says_the_same_thing_as_the_functions(kind: str) -> None:
    error = error_of(kind)
    same = [known for known in known_errors() if known.code == error["code"]]
    assert {known.message for known in same} <= {error["message"]}
    assert same or error["code"] in {"timeout", "too_many_requests"}


def known_errors(kind: type[RosterError] = RosterError) -> list[type[RosterError]]:
    return [kind, *(known for below in kind.__subclasses__() for known in known_errors(below))]
