"""Error responses: one component for each set of codes that share a status, in both shapes of the same facts."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from roster.api import accept, problems
from roster.errors import FieldProblem, RosterError
from roster.idempotency.repository import RequestInFlightError

from tools.openapi import examples, headers
from tools.openapi.project import served

_RFC_3339 = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"
_OF_GATEWAY = r"^\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}$"
_HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}
_BODIES = {
    accept.JSON: {"$ref": "#/components/schemas/Error"},
    accept.PROBLEM_JSON: {"$ref": "#/components/schemas/Problem"},
}
_GATEWAY_TIME = "22/Nov/2026:12:00:00 +0000"
_FIELD = FieldProblem("body.name", "string_type", "Input should be a valid string")
_REQUEST_ID = "0d5b7f6e-3c1a-4f0b-9e0e-6a3d8c2b1f47"


class Kind(NamedTuple):
    """An error as clients see it; without a class it is one that only API Gateway answers."""

    code: str
    status: int
    message: str
    error: type[RosterError] | None = None


@cache
def kinds() -> dict[str, Kind]:
    """Return every error by its code: those that functions raise, and those of the gateway alone."""
    told = (json.loads(each.template)["error"] for each in served().api.responses.values() if each.template)
    found = {error["code"]: Kind(error["code"], error["status"], error["message"]) for error in told}
    for error in _below(RosterError):
        found[error.code] = Kind(error.code, problems.status_of(error.__new__(error)), error.message, error)
    return found


def by_status(codes: Sequence[str]) -> Iterator[tuple[int, list[Kind]]]:
    found = sorted((kinds()[code] for code in codes), key=lambda kind: (kind.status, kind.code))
    for status, group in groupby(found, key=lambda kind: kind.status):
        yield status, list(group)


def name_of(group: Sequence[Kind]) -> str:
    """Return the component's name: `EmailTakenOrLastAdmin`."""
    return "Or".join(kind.code.title().replace("_", "") for kind in group)


def response(group: Sequence[Kind]) -> dict[str, Any]:
    """Return the response about any of these errors."""
    status = group[0].status
    return {
        "description": " ".join(f"`{kind.code}`: {kind.message}" for kind in group),
        "headers": headers.named(*_HEADERS.get(status, ()), *_own_headers(group), *headers.LIMITS),
        "content": content(group),
    }


def _own_headers(group: Sequence[Kind]) -> tuple[str, ...]:
    return ("Retry-After",) if any(kind.error is RequestInFlightError for kind in group) else ()


def content(group: Sequence[Kind]) -> dict[str, Any]:
    """Return the bodies by media type; what only API Gateway answers has one."""
    types = accept.JSON_TYPES if any(kind.error for kind in group) else (accept.JSON,)
    return {media_type: _content(group, media_type) for media_type in types}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of every error's body."""
    fields = {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}}
    text = {"type": "string"}
    error = {
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {**text, "description": "Stable; decide by this."},
        "message": {**text, "description": "For people."},
        "timestamp": {
            "description": "RFC 3339; in what API Gateway answers by itself as it writes times.",
            "anyOf": [{**text, "pattern": _RFC_3339}, {**text, "pattern": _OF_GATEWAY}],
        },
        "request_id": {**text, "description": "Finds the request in the logs."},
        "details": {**fields, "description": "The fields at fault."},
    }
    problem = {
        "type": text,
        "title": text,
        "status": error["status"],
        "detail": text,
        "instance": text,
        "code": error["code"],
        "errors": error["details"],
    }
    field = {
        "field": {**text, "description": "Its path, as in `body.email`."},
        "code": {**text, "description": "Stable."},
        "message": {**text, "description": "For people; never repeats what was sent."},
    }
    return {
        "Error": _object({"error": _object(error)}, "The body of every error, whoever makes it."),
        "Problem": _object(problem, "The same facts as RFC 9457 has them."),
        "FieldProblem": _object(field, "What is wrong with one field."),
    }


def _object(properties: dict[str, Any], description: str | None = None) -> dict[str, Any]:
    told = {"description": description} if description else {}
    return {"type": "object", **told, "properties": properties, "required": list(properties)}


def _content(group: Sequence[Kind], media_type: str) -> dict[str, Any]:
    here = {"properties": {"status": {"const": group[0].status}, "code": {"enum": [kind.code for kind in group]}}}
    narrowed = {"properties": {"error": here}} if media_type == accept.JSON else here
    told = {kind.code: {"value": example(kind, media_type)} for kind in group}
    return {"schema": {"allOf": [_BODIES[media_type], narrowed]}, "examples": told}


def example(kind: Kind, media_type: str) -> dict[str, Any]:
    """Return the body about such an error."""
    if kind.error is None:
        facts = {"status": kind.status, "code": kind.code, "message": kind.message}
        return {"error": {**facts, "timestamp": _GATEWAY_TIME, "request_id": _REQUEST_ID, "details": []}}
    error = kind.error.__new__(kind.error)
    RosterError.__init__(error, *([_FIELD] if kind.status == 422 else []))
    if media_type == accept.PROBLEM_JSON:
        return problems.problem_details(error, _REQUEST_ID)
    body = problems.envelope(error, _REQUEST_ID)["error"]
    return {"error": {**body, "timestamp": examples.timestamp()}}


def _below(kind: type[RosterError]) -> Iterator[type[RosterError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _below(each)
