"""What every answer has in common, and the one body that every error has."""

import json
import re
from typing import Any

PROBLEM_JSON = "application/problem+json"
_OF_DOCUMENTS = [f"{kind}; charset=utf-8" for kind in ("text/html", "text/css", "text/javascript", "image/svg+xml")]
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
_HEADERS = {"Cache-Control", "X-Content-Type-Options", "Vary"}
_REQUIRED_HEADER = {401: "WWW-Authenticate", 405: "Allow", 503: "Retry-After"}


def assert_answer(response: dict[str, Any], status: int) -> Any:
    """Check what is the same for good and bad answers, and return what the body holds; None if it is empty."""
    assert response.keys() == {"statusCode", "headers", "body", "isBase64Encoded"}
    assert response["statusCode"] == status, response["body"]
    assert response["isBase64Encoded"] is False
    headers = response["headers"]
    assert headers.keys() >= _HEADERS
    assert all(isinstance(value, str) and value.isprintable() for value in headers.values())
    if not response["body"]:
        return None
    if headers["Content-Type"] in _OF_DOCUMENTS and status == 200:
        return response["body"]
    assert headers["Content-Type"] in ("application/json; charset=utf-8", PROBLEM_JSON)
    return json.loads(response["body"])


def assert_envelope(response: dict[str, Any], status: int, code: str, *fields: str) -> dict[str, Any]:
    """Check that the answer is this error, about these *fields* if any are given, and return the error."""
    body = assert_answer(response, status)
    error: dict[str, Any] = body["error"]
    assert error.keys() == {"status", "code", "message", "timestamp", "request_id", "details"}
    assert (error["status"], error["code"]) == (status, code)
    assert error["message"].endswith(".")
    assert _TIMESTAMP.fullmatch(error["timestamp"])
    assert isinstance(error["request_id"], str)
    assert not fields or [detail["field"] for detail in error["details"]] == list(fields)
    assert_headers_of(status, response)
    for detail in error["details"]:
        assert_detail(detail)
    return error


def assert_any_envelope(response: dict[str, Any]) -> None:
    """Check that the answer is an error of some kind, in the envelope or as RFC 9457."""
    body = assert_answer(response, response["statusCode"])
    if response["headers"].get("Content-Type") == PROBLEM_JSON:
        assert_problem(body, response)
    else:
        assert_envelope(response, response["statusCode"], body["error"]["code"])


def assert_problem(body: dict[str, Any], response: dict[str, Any]) -> None:
    """Check that the body is what RFC 9457 says of a problem without a type of its own."""
    assert body.keys() == {"type", "title", "status", "detail", "instance", "code", "errors"}
    assert (body["type"], body["status"]) == ("about:blank", response["statusCode"])
    assert re.fullmatch(r"[A-Z][A-Za-z ]+", body["title"])
    assert body["detail"].endswith(".")
    assert re.fullmatch(r"urn:uuid:[A-Za-z0-9._~%-]*", body["instance"])
    assert_headers_of(body["status"], response)
    for detail in body["errors"]:
        assert_detail(detail)


def assert_headers_of(status: int, response: dict[str, Any]) -> None:
    assert (_REQUIRED_HEADER.get(status) or "Vary") in response["headers"]
    assert response["headers"]["Cache-Control"] == "no-store"


def assert_detail(detail: dict[str, str]) -> None:
    assert detail.keys() == {"field", "code", "message"}
    assert re.fullmatch(r"(body|query|header)(\.[A-Za-z0-9_.?-]{0,64})*", detail["field"]), detail["field"]
    assert _CODE.fullmatch(detail["code"]), detail["code"]
    assert detail["message"]
