"""A handler's result becomes an answer as a Lambda proxy integration makes it, or is malformed."""

from typing import Any

import pytest

from local.model import Api
from local.proxy import MalformedResultError, integration_answer
from local.request import Request

API = Api(stage="dev", routes=())


def answered(result: Any, api: Api = API, accept: str = "*/*") -> tuple[int, list[tuple[str, str]], bytes]:
    answer = integration_answer(result, Request("GET", "/x", headers=[("accept", accept)]), api)
    own = ("x-amzn-RequestId", "x-amz-apigw-id", "X-Amzn-Trace-Id")
    return answer.status, [each for each in answer.headers if each[0] not in own], answer.body


def test_plain_result() -> None:
    result = {"statusCode": 201, "headers": {"Content-Type": "text/plain", "X-A": "1", "X-B": True}, "body": "Zoë"}
    expected = [("Content-Type", "text/plain"), ("X-A", "1"), ("X-B", "true")]
    assert answered(result) == (201, expected, "Zoë".encode())


def test_result_without_content_type_is_json() -> None:
    assert answered({"statusCode": "200"}) == (200, [("Content-Type", "application/json")], b"")


def test_single_and_multiple_values_are_merged() -> None:
    result = {"statusCode": 200, "headers": {"x-a": "2", "X-C": "3"}, "multiValueHeaders": {"X-A": ["1", "2"]}}
    assert answered(result)[1][1:] == [("X-A", "1"), ("X-A", "2"), ("X-C", "3")]


@pytest.mark.parametrize("name", ["WWW-Authenticate", "Date", "Server", "Connection", "Content-Length"])
def test_headers_of_the_gateways_own_are_remapped(name: str) -> None:
    assert (f"x-amzn-Remapped-{name}", "x") in answered({"statusCode": 401, "headers": {name: "x"}})[1]


def test_base64_is_decoded_only_for_an_accepted_binary_media_type() -> None:
    result = {"statusCode": 200, "body": "iVA=", "isBase64Encoded": True}
    binary = Api(stage="dev", routes=(), binary_types=("image/png",))
    assert answered(result)[2] == b"iVA="
    assert answered(result, binary, "text/html")[2] == b"iVA="
    assert answered(result, binary, "image/png,*/*")[2] == b"\x89P"


@pytest.mark.parametrize(
    "result",
    [
        None,
        "text",
        [],
        {},
        {"statusCode": "OK"},
        {"statusCode": 99},
        {"statusCode": True},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "headers": {"X-A": 1}},
        {"statusCode": 200, "headers": {"X-A": None}},
        {"statusCode": 200, "headers": {"X A": "1"}},
        {"statusCode": 200, "headers": {"X-A": "1\r\nX-B: 2"}},
        {"statusCode": 200, "headers": ["X-A"]},
        {"statusCode": 200, "multiValueHeaders": {"X-A": "1"}},
        {"statusCode": 200, "isBase64Encoded": "yes"},
        {"statusCode": 200, "cookies": []},
    ],
)
def test_anything_else_is_malformed(result: Any) -> None:
    with pytest.raises(MalformedResultError):
        answered(result)
