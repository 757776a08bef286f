"""Events are byte for byte those of API Gateway's REST API, but for ids and addresses."""

import json
from pathlib import Path
from typing import Any

from local.event import proxy_event, token_event
from local.model import Api, Route
from local.request import Request, read_query
from local.routes import Match

GOLDEN = Path(__file__).parent / "golden"
API = Api(stage="dev", routes=())


def a_request(**given: Any) -> Request:
    defaults: dict[str, Any] = {
        "method": "GET",
        "path": "/api/users/1",
        "headers": [("host", "127.0.0.1:3000"), ("user-agent", "curl/8.5.0"), ("accept", "*/*")],
        "request_id": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "extended_id": "JKJaXmPLvHcESHA=",
        "trace_id": "Root=1-65b2e0c2-0123456789abcdef01234567",
        "time": 1428582896.25,
    }
    return Request(**defaults | given)


def a_match(path: str = "/api/users/{user_id}", **parameters: str) -> Match:
    return Match(Route("GET", path, "F"), parameters or None)


def test_read_by_an_authorized_caller_is_as_documented() -> None:
    request = a_request(
        query=read_query(b"tag=a&tag=b%20c&empty="),
        headers=[*a_request().headers, ("authorization", "Bearer a.b.c"), ("x-list", "1"), ("x-list", "2")],
    )
    caller = {"role": "admin", "principalId": "1", "integrationLatency": 31}
    event = proxy_event(request, a_match(user_id="1"), API, caller)
    assert json.dumps(event, indent=2) + "\n" == (GOLDEN / "read.json").read_text()


def test_write_by_anyone_is_as_documented() -> None:
    request = a_request(
        method="POST",
        path="/api/users",
        headers=[*a_request().headers, ("content-type", "application/json")],
        body='{"name": "Zoë"}'.encode(),
    )
    event = proxy_event(request, a_match("/api/users"), API)
    assert json.dumps(event, indent=2, ensure_ascii=False) + "\n" == (GOLDEN / "write.json").read_text()


def test_authorizer_event_is_as_documented() -> None:
    event = token_event(a_request(), "Bearer a.b.c", "dev")
    assert json.dumps(event, indent=2) + "\n" == (GOLDEN / "token.json").read_text()


def test_what_is_absent_is_null() -> None:
    event = proxy_event(a_request(), a_match("/api/users"), API)
    absent = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body")
    assert {name: event[name] for name in absent} == dict.fromkeys(absent)
    assert "authorizer" not in event["requestContext"]


def test_body_that_is_not_utf_8_arrives_with_replacement_characters() -> None:
    event = proxy_event(a_request(body=b"a\xffb"), a_match(), API)
    assert (event["body"], event["isBase64Encoded"]) == ("a\ufffdb", False)


def test_body_of_a_binary_media_type_arrives_as_base64() -> None:
    api = Api(stage="dev", routes=(), binary_types=("image/*",))
    event = proxy_event(a_request(headers=[("content-type", "image/png")], body=b"\x89P"), a_match(), api)
    assert (event["body"], event["isBase64Encoded"]) == ("iVA=", True)


def test_path_stays_encoded_and_addresses_are_appended() -> None:
    event = proxy_event(a_request(path="/a%20b", headers=[("x-forwarded-for", "203.0.113.7")]), a_match(), API)
    assert event["path"] == event["requestContext"]["path"] == "/a%20b"
    assert event["headers"]["X-Forwarded-For"] == "203.0.113.7, 127.0.0.1"
