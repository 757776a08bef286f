"""Each kind of change that breaks clients is found in a document, and none that does not."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tools.openapi import changes, document

Change = Callable[[dict[str, Any]], Any]
RELEASED: dict[str, Any] = json.loads(document.PATH.read_text("utf-8"))
STRICTER = {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string"}}


def users(found: dict[str, Any], method: str = "post") -> dict[str, Any]:
    operation: dict[str, Any] = found["paths"]["/api/users"][method]
    return operation


def user(found: dict[str, Any], method: str = "get") -> dict[str, Any]:
    operation: dict[str, Any] = found["paths"]["/api/users/{user_id}"][method]
    return operation


def limit(found: dict[str, Any]) -> dict[str, Any]:
    (schema,) = [each["schema"] for each in users(found, "get")["parameters"] if each["name"] == "limit"]
    assert isinstance(schema, dict)
    return schema


def schema(found: dict[str, Any], name: str) -> dict[str, Any]:
    component: dict[str, Any] = found["components"]["schemas"][name]
    return component


def renamed(properties: dict[str, Any], name: str, other: str) -> None:
    properties[other] = properties.pop(name)


BREAKING: dict[str, tuple[Change, str]] = {
    "a path is gone": (lambda found: found["paths"].pop("/api/audit"), "GET /api/audit: gone"),
    "a method is gone": (lambda found: found["paths"]["/api/users"].pop("head"), "HEAD /api/users: gone"),
    "an operation is called otherwise": (
        lambda found: users(found).update(operationId="register"),
        "POST /api/users: operationId is register instead of create_user",
    ),
    "a token is needed": (
        lambda found: users(found).update(security=[{"bearer": []}]),
        "POST /api/users: needs [{'bearer': []}] instead of [{}, {'bearer': []}]",
    ),
    "a public route is closed": (
        lambda found: found["paths"]["/api/health"]["get"].update(security=[{"bearer": []}]),
        "GET /api/health: needs [{'bearer': []}] instead of []",
    ),
    "a parameter is required": (
        lambda found: user(found)["parameters"].append(STRICTER),
        "GET /api/users/{user_id}: header parameter X-Tenant is required now",
    ),
    "a parameter becomes required": (
        lambda found: users(found, "get")["parameters"][0].update(required=True),
        "GET /api/users: query parameter limit is required now",
    ),
    "a parameter is gone": (
        lambda found: user(found, "patch")["parameters"].pop(),
        "PATCH /api/users/{user_id}: header parameter If-Match is gone",
    ),
    "a bound is lower": (
        lambda found: limit(found).update(maximum=50),
        "GET /api/users: query.limit has a lower maximum",
    ),
    "a bound is higher": (
        lambda found: limit(found).update(minimum=2),
        "GET /api/users: query.limit has a higher minimum",
    ),
    "a parameter has another type": (
        lambda found: limit(found).update(type="string"),
        "GET /api/users: query.limit is of another type",
    ),
    "an id has another pattern": (
        lambda found: user(found)["parameters"][0]["schema"].update(pattern="^[0-9]+$"),
        "GET /api/users/{user_id}: path.user_id has another pattern",
    ),
    "a field of a body is required": (
        lambda found: schema(found, "UserPatch").update(required=["name"]),
        "PATCH /api/users/{user_id}: body.name is required now",
    ),
    "a field of a body is gone": (
        lambda found: schema(found, "UserPatch")["properties"].pop("status"),
        "PATCH /api/users/{user_id}: body.status is not taken any more",
    ),
    "a field of a body takes fewer values": (
        lambda found: schema(found, "UserPatch")["properties"]["role"].update(enum=["user"]),
        "PATCH /api/users/{user_id}: body.role takes fewer values",
    ),
    "a field of a body is shorter": (
        lambda found: schema(found, "Registration")["properties"]["name"].update(maxLength=100),
        "POST /api/users: body.name has a lower maxLength",
    ),
    "a field inside a list of a body has a new bound": (
        lambda found: schema(found, "ItemInput")["properties"]["quantity"].update(maximum=10),
        "POST /api/users/{user_id}/orders: body.items[].quantity has a lower maximum",
    ),
    "a body is required": (
        lambda found: found["paths"]["/api/auth/logout"]["post"]["requestBody"].update(required=True),
        "POST /api/auth/logout: a body is required now",
    ),
    "a media type is not taken": (
        lambda found: user(found, "patch")["requestBody"]["content"].pop("application/merge-patch+json"),
        "PATCH /api/users/{user_id}: takes no application/merge-patch+json any more",
    ),
    "a field of an answer is gone": (
        lambda found: schema(found, "User")["properties"].pop("name"),
        "GET /api/users: 200.items[].name is gone",
    ),
    "a field of an answer is renamed": (
        lambda found: renamed(schema(found, "User")["properties"], "name", "full_name"),
        "GET /api/users/{user_id}: 200.name is gone",
    ),
    "a field of an answer may be left out": (
        lambda found: schema(found, "User")["required"].remove("name"),
        "GET /api/users/{user_id}: 200.name may be left out now",
    ),
    "a field of an answer may be null": (
        lambda found: schema(found, "User")["properties"]["name"].update(type=["string", "null"]),
        "GET /api/users/{user_id}: 200.name is of another type",
    ),
    "a field of an answer has new values": (
        lambda found: schema(found, "User")["properties"]["role"]["enum"].append("owner"),
        "GET /api/users/{user_id}: 200.role may have new values",
    ),
    "an answer is one thing more": (
        lambda found: found["paths"]["/api/auth/login"]["post"]["responses"]["200"]["content"]["application/json"][
            "schema"
        ]["anyOf"].append({"type": "object", "properties": {"captcha": {"type": "string"}}}),
        "POST /api/auth/login: 200 may be something new (choice 3)",
    ),
    "a status is gone": (
        lambda found: users(found)["responses"].pop("202"),
        "POST /api/users: never answers 202 any more",
    ),
    "a media type is not answered": (
        lambda found: found["components"]["responses"]["NotAllowed"]["content"].pop("application/problem+json"),
        "GET /api/users: 403 is never application/problem+json any more",
    ),
    "a header is gone": (
        lambda found: user(found)["responses"]["200"]["headers"].pop("ETag"),
        "GET /api/users/{user_id}: 200 has no ETag any more",
    ),
}

COMPATIBLE: dict[str, Change] = {
    "nothing": lambda found: None,
    "a new path": lambda found: found["paths"].update({"/api/new": copy.deepcopy(found["paths"]["/api/audit"])}),
    "a new method": lambda found: found["paths"]["/api/audit"].update(post=copy.deepcopy(users(found))),
    "a new parameter that may be left out": lambda found: user(found)["parameters"].append(
        STRICTER | {"required": False}
    ),
    "a higher bound": lambda found: limit(found).update(maximum=1000),
    "a bound less": lambda found: limit(found).pop("maximum"),
    "a new field that may be sent": lambda found: schema(found, "UserPatch")["properties"].update(
        title={"type": "string"}
    ),
    "a field that may be left out now": lambda found: schema(found, "Registration")["required"].remove("name"),
    "a body may hold more values": lambda found: schema(found, "UserPatch")["properties"]["role"]["enum"].append("x"),
    "a new field in an answer": lambda found: schema(found, "User")["properties"].update(title={"type": "string"}),
    "an answer has fewer values": lambda found: schema(found, "User")["properties"]["role"].update(enum=["user"]),
    "a new status": lambda found: user(found)["responses"].update({"410": {"description": "Gone."}}),
    "a new media type": lambda found: user(found)["responses"]["200"]["content"].update({"text/csv": {"schema": {}}}),
    "a new code of an error": lambda found: _code_of(found, "NotAllowed").append("asleep"),
    "a token is not needed any more": lambda found: user(found).update(security=[{}, {"bearer": []}]),
    "other words": lambda found: user(found).update(summary="Somebody", tags=["people"]),
}


def _code_of(found: dict[str, Any], name: str) -> list[str]:
    parts = found["components"]["responses"][name]["content"]["application/json"]["schema"]["allOf"]
    codes: list[str] = parts[1]["properties"]["error"]["properties"]["code"]["enum"]
    return codes


def after(change: Change) -> list[str]:
    changed = copy.deepcopy(RELEASED)
    change(changed)
    return changes.breaking(RELEASED, changed)


@pytest.mark.parametrize("name", BREAKING)
def test_what_breaks_clients_is_found(name: str) -> None:
    change, line = BREAKING[name]
    assert line in after(change)


@pytest.mark.parametrize("name", COMPATIBLE)
def test_what_breaks_nobody_passes(name: str) -> None:
    assert after(COMPATIBLE[name]) == []
