"""Builders of test values: every argument may be left out, and a test names only what it is about."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from roster.api import routes
from roster.auth import address
from roster.auth.caller import Caller, Role
from roster.orders.models import Order, OrderItem
from roster.orders.repository import NewOrder
from roster.users.models import User
from roster.users.repository import NewUser

PASSWORD = "a lighthouse at noon"
_NOON = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)
_ADA = User(1, "ada@example.com", "Ada Lovelace", "user", "active", False, _NOON, _NOON, version=1)
_LAMPS = Order(7, 1, "EUR", "pending", [OrderItem("LAMP-7", 2, 1999)], 3998, _NOON, _NOON, version=1)


def a_user(**values: Any) -> User:
    return replace(_ADA, **values)


def a_new_user(
    email: str = "ada@example.com", name: str = "Ada Lovelace", role: Role = "user", password_hash: str = "no hash"
) -> NewUser:
    return NewUser(address.parse(email), name, role, password_hash)


def an_item(sku: str = "LAMP-7", quantity: int = 2, unit_price: int = 1999) -> OrderItem:
    return OrderItem(sku, quantity, unit_price)


def a_new_order(user_id: int = 1, *items: OrderItem, currency: str = "EUR") -> NewOrder:
    return NewOrder(user_id, currency, list(items) or [an_item()])


def an_order(**values: Any) -> Order:
    return replace(_LAMPS, **values)


def a_session_id(number: int = 1) -> str:
    return f"b7f0a1c2-0000-4000-8000-{number:012d}"


def a_refresh_token(number: int = 1) -> str:
    return f"rt_{number:043d}"


def a_caller(user_id: int = 1, role: Role = "user", session_id: str | None = None) -> Caller:
    """Return a caller whose session, unless it is named, has the user's number in its id."""
    return Caller(user_id, role, a_session_id(user_id) if session_id is None else session_id)


def an_admin(user_id: int = 900) -> Caller:
    return a_caller(user_id, "admin")


class Context:
    """What Lambda hands to a handler besides the event."""

    aws_request_id = "4c6d0f7e-function"
    function_name = "a-function"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:a-function"
    memory_limit_in_mb = 512

    def __init__(self, remaining_milliseconds: int) -> None:
        self._remaining_milliseconds = remaining_milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._remaining_milliseconds


def a_context(remaining_milliseconds: int = 10_000) -> Context:
    return Context(remaining_milliseconds)


def an_event(
    method: str = "GET",
    path: str = "/api/users/1",
    caller: Caller | None = None,
    body: object = None,
    headers: Mapping[str, str | Sequence[str]] | None = None,
    query: Mapping[str, str | Sequence[str]] | None = None,
) -> dict[str, Any]:
    """
    Return the event of a request as API Gateway makes it (REST, payload format 1.0).

    *body* is sent as it is if it is text, in base64 if it is bytes, else as JSON. A header or a query
    parameter may have several values. Without *caller* no authorizer has run.
    """
    resource, parameters = _routed(path)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": _last_of(headers),
        "multiValueHeaders": _lists_of(headers),
        "queryStringParameters": _last_of(query),
        "multiValueQueryStringParameters": _lists_of(query),
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": _context_of(resource, method, path) | _authorized(caller),
        "body": _sent(body),
        "isBase64Encoded": isinstance(body, bytes),
    }


def _routed(path: str) -> tuple[str, dict[str, str]]:
    """Return the template's path and the path parameters, as the gateway finds them."""
    for resource in routes.METHODS:
        found = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", resource), path)
        if found:
            return resource, found.groupdict()
    return "/{proxy+}", {"proxy": path.lstrip("/")}


def _context_of(resource: str, method: str, path: str) -> dict[str, Any]:
    return {
        "resourcePath": resource,
        "httpMethod": method,
        "path": f"/dev{path}",
        "stage": "dev",
        "requestId": "0d5b7f6e-3c1a-4f0b-9e0e-6a3d8c2b1f47",
        "requestTime": "22/Nov/2026:14:05:09 +0000",
        "requestTimeEpoch": 1_795_356_309_123,
        "identity": {"sourceIp": "203.0.113.7", "userAgent": "pytest"},
    }


def _authorized(caller: Caller | None) -> dict[str, Any]:
    if caller is None:
        return {}
    subject = str(caller.user_id)
    context = {"principalId": subject, "sub": subject, "role": caller.role, "sid": caller.session_id}
    return {"authorizer": context | {"integrationLatency": 31}}


def _lists_of(values: Mapping[str, str | Sequence[str]] | None) -> dict[str, list[str]] | None:
    if values is None:
        return None
    return {name: [given] if isinstance(given, str) else list(given) for name, given in values.items()}


def _last_of(values: Mapping[str, str | Sequence[str]] | None) -> dict[str, str] | None:
    lists = _lists_of(values)
    return None if lists is None else {name: given[-1] for name, given in lists.items()}


def _sent(body: object) -> str | None:
    if body is None or isinstance(body, str):
        return body
    return base64.b64encode(body).decode() if isinstance(body, bytes) else json.dumps(body)
