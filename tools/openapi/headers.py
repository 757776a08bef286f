"""The headers of answers, as named components."""

import json
from typing import Any

Header = dict[str, Any]

_TEXT = {"type": "string"}

HEADERS: dict[str, Header] = {
    "Cache-Control": {"description": "How long and by whom the answer may be kept.", "schema": _TEXT},
    "ETag": {
        "description": "The version of what was answered, for `If-Match` and `If-None-Match`.",
        "schema": {"type": "string", "pattern": '^"[!#-~]+"$'},
        "example": '"1-3"',
    },
    "Idempotency-Replayed": {
        "description": "`true` if this is the first answer to that `Idempotency-Key` once more.",
        "schema": {"type": "string", "const": "true"},
    },
    "Link": {
        "description": "The next page, unless this is the last, and the first; absent if both are this (RFC 8288).",
        "schema": _TEXT,
        "example": '</api/users?limit=20&cursor=eyJhZnRlciI6IDF9>; rel="next", </api/users?limit=20>; rel="first"',
    },
    "Location": {"description": "The path of what was made.", "schema": _TEXT, "example": "/api/users/1"},
    "RateLimit": {
        "description": "What is left of each limit (draft-ietf-httpapi-ratelimit-headers-11).",
        "schema": _TEXT,
        "example": '"caller";r=598;t=1, "source";r=1198;t=1',
    },
    "RateLimit-Policy": {
        "description": "The limits that count here (draft-ietf-httpapi-ratelimit-headers-11).",
        "schema": _TEXT,
        "example": '"caller";q=600;w=60, "source";q=1200;w=60',
    },
    "Retry-After": {
        "description": "After how many seconds trying again may help.",
        "schema": {"type": "string", "pattern": "^[1-9][0-9]*$"},
        "example": "1",
    },
    "WWW-Authenticate": {
        "description": "The scheme that is wanted; API Gateway renames it in what functions answer.",
        "schema": _TEXT,
        "example": "Bearer",
    },
}

LIMITS = ("RateLimit-Policy", "RateLimit")


def named(*names: str) -> dict[str, Header]:
    """Return references to these headers."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def used_in(*places: Any) -> dict[str, Header]:
    """Return the headers that something in *places* refers to."""
    text = json.dumps(places)
    return {name: header for name, header in HEADERS.items() if f'"#/components/headers/{name}"' in text}
