"""The event of one request (API Gateway REST, payload format 1.0): what is read from it, in one place."""

import re
from typing import Any

from roster.errors import UnauthenticatedError

Event = dict[str, Any]

_NOT_PLAIN = re.compile(r"[^!-~]")


def method(event: Event) -> str:
    return str(event.get("httpMethod") or "")


def resource(event: Event) -> str:
    """Return the template's path (`/api/users/{user_id}`)."""
    return str(event.get("resource") or "")


def path(event: Event) -> str:
    """Return the path as the client wrote it, stage included."""
    return str(request_context(event).get("path") or event.get("path") or "")


def request_id(event: Event) -> str:
    """Return the request's id, which stands in answers, logs and the audit trail: short and plain."""
    return _NOT_PLAIN.sub("?", str(request_context(event).get("requestId") or "")[:64])


def request_context(event: Event) -> dict[str, Any]:
    return _map(event.get("requestContext"))


def authorizer(event: Event) -> dict[str, Any]:
    """Return what the authorizer said of the caller; empty on public routes."""
    return _map(request_context(event).get("authorizer"))


def source_ip(event: Event) -> str:
    """Return the address that the connection came from; never what a client's header says."""
    return str(_map(request_context(event).get("identity")).get("sourceIp") or "")


def path_parameter(event: Event, name: str) -> str:
    return str(_map(event.get("pathParameters")).get(name) or "")


def path_parameters(event: Event) -> dict[str, str]:
    return {str(name): str(value) for name, value in _map(event.get("pathParameters")).items()}


def header(event: Event, name: str) -> str | None:
    """
    Return a header's values, joined as one list (RFC 9110, section 5.3).

    Names come in any case, from HTTP/2 in lower case; *name* is given in lower case.
    """
    many = _map(event.get("multiValueHeaders")) or {key: [value] for key, value in _map(event.get("headers")).items()}
    values = [str(value) for key, found in many.items() if str(key).lower() == name for value in _values(found)]
    return ", ".join(values) if values else None


def bearer_token(authorization: str) -> str:
    """
    Return the token of an `Authorization` header (RFC 6750, section 2.1).

    Raises:
        UnauthenticatedError: If it is of another scheme.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise UnauthenticatedError
    return token.strip(" ")


def query(event: Event) -> dict[str, list[str]]:
    """Return the query parameters with all the values that each was given."""
    many = _map(event.get("multiValueQueryStringParameters"))
    if not many:
        many = {key: [value] for key, value in _map(event.get("queryStringParameters")).items()}
    return {str(key): [str(value) for value in _values(found) or [""]] for key, found in many.items()}


def _values(found: object) -> list[Any]:
    """Return the values of a header or a parameter; null is none."""
    return [value for value in (found if isinstance(found, list) else [found]) if value is not None]


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
