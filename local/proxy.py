"""A handler's result, checked and made an HTTP answer as a Lambda proxy integration does."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.answer import Answer
from local.media_types import is_binary
from local.model import Api
from local.request import Request

_FIELDS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
# API Gateway passes these on under another name, as it has its own word to say in them.
_REMAPPED = frozenset(
    [
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "trailer",
        "upgrade",
        "user-agent",
        "www-authenticate",
    ]
)
_DROPPED = frozenset({"transfer-encoding", "keep-alive"})
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


class MalformedResultError(Exception):
    """A handler returned something that a proxy integration cannot answer with."""


def integration_answer(result: Any, request: Request, api: Api) -> Answer:
    """
    Return the answer that *result* stands for.

    Raises:
        MalformedResultError: If it is no proxy response; the message says what is wrong with it.
    """
    result = _checked(result)
    status = _status(result.get("statusCode"))
    headers = [
        ("x-amzn-RequestId", request.request_id),
        ("x-amz-apigw-id", request.extended_id),
        ("X-Amzn-Trace-Id", request.trace_id),
        *_headers(result),
    ]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.insert(0, ("Content-Type", "application/json"))
    return Answer(status, headers, _body(result, request, api))


def _checked(result: Any) -> dict[str, Any]:
    if not isinstance(result, dict):
        raise MalformedResultError(f"it is not an object but {type(result).__name__}")
    if unknown := result.keys() - _FIELDS:
        raise MalformedResultError(f"it has unknown fields: {', '.join(sorted(unknown))}")
    if not isinstance(result.get("body"), str | None):
        raise MalformedResultError("body is not a string")
    if not isinstance(result.get("isBase64Encoded"), bool | None):
        raise MalformedResultError("isBase64Encoded is not a boolean")
    return result


def _status(status: Any) -> int:
    if isinstance(status, str) and status.isdecimal():
        status = int(status)
    if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status <= 599:
        raise MalformedResultError("statusCode is not an HTTP status")
    return status


def _headers(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    many = [(name, each) for name, values in _map(result, "multiValueHeaders") for each in _list(name, values)]
    single = [(name, _text(name, value)) for name, value in _map(result, "headers")]
    known = {(name.lower(), value) for name, value in many}
    for name, value in [*many, *((name, value) for name, value in single if (name.lower(), value) not in known)]:
        if name.lower() not in _DROPPED:
            yield (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name), value


def _map(result: Mapping[str, Any], field: str) -> list[tuple[str, Any]]:
    value = result.get(field)
    if not isinstance(value, dict | None):
        raise MalformedResultError(f"{field} is not an object")
    if bad := [name for name in value or {} if not _NAME.fullmatch(name)]:
        raise MalformedResultError(f"{bad[0]!r} is not a header name")
    return list((value or {}).items())


def _list(name: str, values: Any) -> list[str]:
    if not isinstance(values, list):
        raise MalformedResultError(f"multiValueHeaders.{name} is not a list")
    return [_text(name, each) for each in values]


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        raise MalformedResultError(f"header {name} is not a string without control characters")
    return value


def _body(result: Mapping[str, Any], request: Request, api: Api) -> bytes:
    text = result.get("body") or ""
    # Without a binary media type that the client accepts, API Gateway passes base64 on as it is.
    if not (result.get("isBase64Encoded") and is_binary(request.header("accept"), api.binary_types)):
        return str(text).encode()
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise MalformedResultError("body is not base64") from None
