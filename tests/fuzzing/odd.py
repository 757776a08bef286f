"""Values that hardly anybody expects, and what they are made of."""

import copy
import json
from random import Random
from typing import Any

SCALARS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**400, 1.5, -0.0, 1e308, float("inf"),
    float("-inf"), float("nan"), "", " ", "\0", "a\0b", "\ud800", "\udfff", "x\r\nSet-Cookie: a=b", "\u202e", "ﬀ", "٣",
    "1" * 400, "%00", "%ff", "%2e%2e%2f", "..", "me", "ME", "1", "01", "+1", " 1", "1e3", "-1", "0x1", "true", "null",
    "NaN", "{}", "[]", '"', "\\", "'; DROP TABLE users; --", "${jndi:ldap://x}", "{{7*7}}", "<script>", "%s", "é" * 40,
    "admin", "user", "active", "disabled", "ada@example.com", "Bearer a.b.c", "Bearer", "*", '"1-1"', 'W/"1-1"', "*/*",
    "application/json", "application/problem+json", "text/html;q=", "2026-11-22T14:05:09Z", "EUR", "🦀" * 20,
)  # fmt: skip
CONTAINERS: tuple[Any, ...] = (
    {}, [], [None], [[]], {"": None}, {"a": {"b": {"c": []}}}, [1, "a", None, {}], ["x"] * 50, {"$ne": ""},
    {"sub": "1", "role": "admin"}, {"__proto__": {"role": "admin"}}, {"accept": 5}, {"user_id": ["me"]},
)  # fmt: skip
HEADERS = (
    "accept", "Accept", "ACCEPT", "aCCept", "authorization", "content-type", "Content-Type", "if-match",
    "If-None-Match", "idempotency-key", "origin", "cookie", "user-agent", "x-forwarded-for", "content-length",
    "x-http-method-override", "", " accept", "accept ", "acc\0ept", "\ud800", "é", "range", "expect", "te",
)  # fmt: skip
PARAMETERS = (
    "limit", "cursor", "role", "status", "email", "q", "sort", "created_from", "created_to", "subject_id", "actor_id",
    "action", "user_id", "order_id", "session_id", "file", "proxy", "", "limit ", "LIMIT", "limit[]", "\0", "is_admin",
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "", "X" * 500, "\0")


def value(random: Random, pool: list[Any]) -> Any:
    """Return an odd value: one of ours, one of *pool*, or one made of others."""
    chosen = random.random()
    if chosen < 0.55:
        return random.choice(SCALARS)
    if chosen < 0.75 and pool:
        return copy.deepcopy(random.choice(pool))
    if chosen < 0.9:
        return copy.deepcopy(random.choice(CONTAINERS))
    return _made(random, pool)


def text(random: Random, pool: list[Any]) -> str:
    """Return an odd value as text."""
    found = value(random, pool)
    return found if isinstance(found, str) else repr(found)[:200]


def _made(random: Random, pool: list[Any]) -> Any:
    kind = random.randrange(5)
    if kind == 0:
        return random.choice(("x", "é", "%41", '"', "\\", ",", "[", "a/b,", "0")) * random.choice((300, 5_000, 20_000))
    if kind == 1:
        return "".join(chr(random.choice((random.randrange(0x250), random.randrange(0x110000)))) for _ in range(12))
    if kind == 2:
        return {text(random, pool): random.choice(SCALARS) for _ in range(3)}
    if kind == 3:
        return _nested(random.choice((40, 200)))
    return [random.choice(SCALARS) for _ in range(4)]


def _nested(depth: int) -> Any:
    return json.loads('{"a":[' * depth + "1" + "]}" * depth)
