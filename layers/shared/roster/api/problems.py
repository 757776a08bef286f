"""Errors on the wire: the status of each kind, and one body for all of them."""

import time
from typing import Any
from urllib.parse import quote

from roster import errors
from roster.errors import RosterError
from roster.idempotency.repository import RequestInFlightError

# A body of 256 KiB can be wrong in so many places that the answer would be too large for Lambda.
DETAILS_MAX = 100


class RouteNotFoundError(RosterError):
    code = "route_not_found"
    message = "There is no such path."


class FileMissingError(RosterError):
    code = "file_not_found"
    message = "There is no such file."


class MethodNotAllowedError(RosterError):
    """Carries the methods that the path does answer."""

    code = "method_not_allowed"
    message = "This path does not answer that method."

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__()
        self.allowed = allowed


class NotAcceptableError(RosterError):
    code = "not_acceptable"
    message = "None of the media types that you accept is available."


class BodyTooLargeError(RosterError):
    code = "body_too_large"
    message = "The request body is larger than 256 KiB."


class UnsupportedMediaTypeError(RosterError):
    code = "unsupported_media_type"
    message = "The body must be application/json."


# The first kind that fits gives the status.
_STATUS: tuple[tuple[type[RosterError], int], ...] = (
    (errors.MalformedRequestError, 400),
    (errors.UnauthenticatedError, 401),
    (errors.NotAllowedError, 403),
    (errors.MissingError, 404),
    (RouteNotFoundError, 404),
    (FileMissingError, 404),
    (MethodNotAllowedError, 405),
    (NotAcceptableError, 406),
    (errors.ConflictError, 409),
    (errors.StaleVersionError, 412),
    (BodyTooLargeError, 413),
    (UnsupportedMediaTypeError, 415),
    (errors.InvalidInputError, 422),
    (errors.TooManyRequestsError, 429),
    (errors.UnavailableError, 503),
    (RosterError, 500),
)

# As RFC 9110 and RFC 6585 call them; Python's own names depend on its version.
_PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def status_of(error: RosterError) -> int:
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def headers_of(error: RosterError) -> dict[str, str]:
    """Return the headers that the status calls for."""
    if isinstance(error, errors.UnauthenticatedError):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, MethodNotAllowedError):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, errors.TooManyRequestsError | errors.UnavailableError | RequestInFlightError):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {}


def envelope(error: RosterError, request_id: str) -> dict[str, Any]:
    """Return the body of *error*: the shape of every error, whoever makes it."""
    return {
        "error": {
            "status": status_of(error),
            "code": error.code,
            "message": error.message,
            "timestamp": _now(),
            "request_id": request_id,
            "details": _details(error),
        }
    }


def problem_details(error: RosterError, request_id: str) -> dict[str, Any]:
    """Return the same facts as RFC 9457 has them; a problem without a type is titled as its status."""
    status = status_of(error)
    return {
        "type": "about:blank",
        "title": _PHRASES[status],
        "status": status,
        "detail": error.message,
        "instance": f"urn:uuid:{quote(request_id, safe='', errors='replace')}",
        "code": error.code,
        "errors": _details(error),
    }


def _details(error: RosterError) -> list[dict[str, str]]:
    return [problem._asdict() for problem in error.problems[:DETAILS_MAX]]


def _now() -> str:
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{nanoseconds // 1_000_000:03d}Z"
