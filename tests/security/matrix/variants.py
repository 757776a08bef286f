"""How a request is made: bodies, conditions, headers, and what each of them is answered with by itself."""

import json
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

from tests.handlers.endpoints import Endpoint

Headers = tuple[tuple[str, str], ...]
Fields = Mapping[str, Any]


class Fate(Enum):
    """What becomes of a request that is let in; a number among the variants is the status of a refusal."""

    PLAIN = "as if it were plain"
    STALE = "412, if it would otherwise be done"
    KNOWN = "304, if it would otherwise be shown"
    PRIVILEGED = "422, unless an admin asks"
    RESERVED = "403, unless an admin asks"


class Variant(NamedTuple):
    """
    *fate* is a `Fate` or a status; *early* means before the path is looked at.

    Unless it *is_for_everybody* it is left out where nobody gets to look at it: past a bad token, or a path of nothing.
    """

    name: str
    fate: Fate | int = Fate.PLAIN
    headers: Headers = ()
    query: Headers = ()
    body: Callable[[Fields], object] | None = None
    early: bool = False
    is_for_everybody: bool = False


def _header(name: str, value: str) -> Headers:
    return ((name, value),)


PLAIN = Variant("plain", is_for_everybody=True)
IN_JSON = [
    Variant("as a problem", headers=_header("accept", "application/problem+json")),
    Variant("as a page", 406, headers=_header("accept", "text/html"), early=True),
]
IN_OTHER_TYPES = [Variant("as JSON", 406, headers=_header("accept", "application/json"), early=True)]
EVERYWHERE = [
    PLAIN,
    Variant("with a parameter", 422, query=_header("is_admin", "true")),
    Variant(
        "claiming to be an admin",
        headers=(("x-role", "admin"), ("x-user-id", "4"), ("x-forwarded-for", "::1")),
        is_for_everybody=True,
    ),
    Variant("claiming another method", headers=_header("x-http-method-override", "DELETE"), is_for_everybody=True),
    Variant(
        "claiming another path",
        headers=(("x-original-url", "/api/health"), ("x-rewrite-url", "/api/health")),
        is_for_everybody=True,
    ),
]
READING = [
    Variant("with a body", body=lambda _: {"role": "admin", "user_id": 1}),
    Variant("another version known", headers=_header("if-none-match", '"1-77"')),
]
SHOWING_ONE = [Variant("this version known", Fate.KNOWN, headers=_header("if-none-match", "*"))]
NEEDING_BODY = [Variant("without a body", 400, body=lambda _: b"")]
WITH_BODY = [
    Variant("no JSON", 400, body=lambda fields: json.dumps(fields)[:-1].encode()),
    Variant("a form", 415, headers=_header("content-type", "application/x-www-form-urlencoded")),
    Variant("no object", 422, body=lambda fields: [fields]),
    Variant("one member more", 422, body=lambda fields: {**fields, "user_id": 1}),
    Variant("mistyped", 422, body=lambda fields: {name: [value] for name, value in fields.items()}),
    Variant("of nulls", 422, body=dict.fromkeys),
    Variant("with a version", 422, body=lambda fields: {**fields, "version": 7}),
]
PRIVILEGED = [
    Variant("with a role", Fate.PRIVILEGED, body=lambda fields: {**fields, "role": "user"}),
    Variant("with a status", Fate.PRIVILEGED, body=lambda fields: {**fields, "status": "active"}),
]
CONDITIONAL = [
    Variant("on any version", headers=_header("if-match", "*")),
    Variant("on another version", Fate.STALE, headers=_header("if-match", '"1-77", "2-77", "3-77"')),
    Variant("on no tag", 400, headers=_header("if-match", "1-1")),
]

MOVING = [Variant("to paid", Fate.RESERVED, body=lambda _: {"status": "paid"})]

_ONE_USER = "/api/users/{user_id}"
_ONE_ORDER = "/api/users/{user_id}/orders/{order_id}"
_DOCUMENTS = "/api/docs"
_CACHEABLE = ("/.well-known/", _DOCUMENTS)
_WITH_VERSION = (_ONE_USER, _ONE_ORDER)


def of_route(method: str, path: str, endpoint: Endpoint) -> list[Variant]:
    """Return every way to make that request."""
    has_body = endpoint.body is not None
    chosen = [
        *EVERYWHERE,
        *(IN_OTHER_TYPES if path.startswith(_DOCUMENTS) else IN_JSON),
        *(WITH_BODY if has_body else []),
        *(NEEDING_BODY if has_body and endpoint.needs_body else []),
    ]
    if method in ("GET", "HEAD"):
        chosen += READING
        chosen += SHOWING_ONE if path in _WITH_VERSION or path.startswith(_CACHEABLE) else []
    elif path in _WITH_VERSION:
        chosen += CONDITIONAL
        chosen += PRIVILEGED if has_body and path == _ONE_USER else []
        chosen += MOVING if path == _ONE_ORDER else []
    return chosen
