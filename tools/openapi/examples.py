"""Examples: bodies of the sample events, and results made of one value for each name of a field."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from roster.api.plain import TOLD_BY_HEADERS

from tools.openapi.project import ROOT

_NOON = "2026-11-22T12:00:00.123Z"
_SESSION_ID = "b7f0a1c2-0000-4000-8000-000000000001"
_BY_NAME: Mapping[str, Any] = {
    "access_token": "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "action": "user.changed",
    "actor_id": 1,
    "after": {"name": "Ada King"},
    "before": {"name": "Ada Lovelace"},
    "challenge": "Zy5nQ0hhbGxlbmdlLW9mLWEtbG9naW4tdGhhdC13YWl0",
    "checks": {"database": {"status": "up", "milliseconds": 1.204}, "cache": {"status": "up", "milliseconds": 0.318}},
    "currency": "EUR",
    "current": True,
    "email": "ada@example.com",
    "email_verified": True,
    "expires_in": 86_400,
    "issuer": "https://roster.example.com",
    "jwks_uri": "https://roster.example.com/.well-known/jwks.json",
    "keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "k1", "x": "f83OJ3…", "y": "x_FEzRu…"}],
    "name": "Ada Lovelace",
    "next_cursor": "eyJhZnRlciI6IDF9",
    "provisioning_uri": "otpauth://totp/Roster:ada%40example.com?secret=MFSGCLLMN53GK3DBMNSSAYLEMEQGC3TE&issuer=Roster",
    "recovery_codes": ["7K2M-9QXA-RT4W-ZB1C", "M3PV-A8DE-6YJH-0SNF"],
    "quantity": 2,
    "recovery_codes_left": 9,
    "refresh_token": "rt_bm90LWEtcmVhbC1vbmUtYnV0LWFzLWxvbmctYXMtb25l",
    "request_id": "0d5b7f6e-3c1a-4f0b-9e0e-6a3d8c2b1f47",
    "secret": "MFSGCLLMN53GK3DBMNSSAYLEMEQGC3TE",
    "session_id": _SESSION_ID,
    "sku": "LAMP-7",
    "source_ip": "203.0.113.7",
    "subject_id": 1,
    "token_endpoint": "https://roster.example.com/api/auth/login",
    "total": 3998,
    "unit_price": 1999,
    "user_agent": "curl/8.5.0",
}  # fmt: skip
_BY_FIELD: Mapping[tuple[str, str], Any] = {("Session", "id"): _SESSION_ID, ("Challenge", "expires_in"): 300}
_BY_KIND: Mapping[Any, Any] = {bool: False, int: 1, float: 1.5, datetime: _NOON, str: "text", NoneType: None}


def of_request(stem: str) -> Any:
    """Return the body of the function's sample event, None if it has none."""
    body = json.loads((ROOT / "events" / f"{stem}.json").read_text("utf-8")).get("body")
    return json.loads(body) if body else None


def of_result(kind: Any) -> Any:
    """Return what a result of that kind may look like in an answer."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {each.name: _of_field(kind, each, hints) for each in fields(kind) if each.name not in TOLD_BY_HEADERS}
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) in (list, tuple):
        return [of_result(get_args(kind)[0])]
    if isinstance(kind, UnionType):
        return of_result(get_args(kind)[0])
    # The one result without a type of its own is the document.
    return {"openapi": "3.1.0"} if get_origin(kind) is dict else _BY_KIND[kind]


def _of_field(kind: Any, field: Any, hints: Mapping[str, Any]) -> Any:
    name = getattr(kind, "__name__", "")
    if (name, field.name) in _BY_FIELD:
        return _BY_FIELD[name, field.name]
    if field.name in _BY_NAME:
        return _BY_NAME[field.name]
    return list(field.default) if isinstance(field.default, tuple) else of_result(hints[field.name])


def timestamp() -> str:
    return _NOON
