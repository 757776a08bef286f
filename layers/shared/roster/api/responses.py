"""From a handler's result, or an error, to the proxy response: status, headers, JSON."""

import hashlib
from typing import Any
from urllib.parse import quote, urlencode

from roster.api import accept, conditions, documents, plain, problems
from roster.api import event as events
from roster.api.event import Event
from roster.api.results import Accepted, Cacheable, Created, Document, Page, Unhealthy, Versioned, Written, is_versioned
from roster.errors import RosterError, StaleVersionError, UnavailableError
from roster.infrastructure import observability, settings

Response = dict[str, Any]
Headers = dict[str, str]

_JSON = "application/json; charset=utf-8"
_EXPOSED = "Allow, ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After"


class UnhealthyError(UnavailableError):
    code = "unhealthy"
    message = "A part of the service is down."


def of_result(result: object, event: Event) -> Response:
    """Return the response that *result* stands for: 200, 201 for `Created`, 202 for `Accepted`, 204 for None, 304."""
    if result is None:
        return _response(204, None, {}, event)
    if isinstance(result, Cacheable) or is_versioned(result):
        return _readable(result, event)
    if isinstance(result, Created):
        return _of_created(result, event)
    if isinstance(result, Page):
        return _response(200, result, _link(result, event), event)
    if isinstance(result, Unhealthy):
        return _of_error(UnhealthyError(), event, plain.fields(result.report))
    status, headers = (202, _replayed(result)) if isinstance(result, Accepted) else (200, {})
    return _response(status, result, headers, event)


def of_error(error: RosterError, event: Event) -> Response:
    """Return the response about *error*, as RFC 9457 where the client prefers that; to who takes neither, as JSON."""
    return _of_error(error, event, {})


def _of_error(error: RosterError, event: Event, report: dict[str, Any]) -> Response:
    """Return the response about *error*, with the *report* of what is wrong beside it."""
    status, headers = problems.status_of(error), problems.headers_of(error)
    if accept.preferred(events.header(event, "accept"), accept.JSON_TYPES) == accept.PROBLEM_JSON:
        body = problems.problem_details(error, events.request_id(event))
        return _response(status, report | body, headers | {"Content-Type": accept.PROBLEM_JSON}, event)
    return _response(status, report | problems.envelope(error, events.request_id(event)), headers, event)


def _readable(result: Versioned | Cacheable[Any], event: Event) -> Response:
    """
    Answer with what was asked for, or that the client has it already.

    Raises:
        StaleVersionError: If a read wants a version that is no longer there.
    """
    item, headers = (result.item, _lifetime(result)) if isinstance(result, Cacheable) else (result, _validators(result))
    if events.method(event) not in ("GET", "HEAD"):
        return _response(200, item, headers, event)
    if not conditions.matches(events.header(event, "if-match"), headers["ETag"]):
        raise StaleVersionError
    if not conditions.matches_none(events.header(event, "if-none-match"), headers["ETag"]):
        # API Gateway would write a type of its own, which caches would take over for what they have stored.
        return _response(304, None, _content_headers(item) | headers, event)
    return _response(200, item, headers, event)


def _of_created(created: Created[Any], event: Event) -> Response:
    location = {"Location": f"{_address(event).rstrip('/')}/{created.name}"}
    validators = _validators(created.item) if is_versioned(created.item) else {}
    return _response(201, created.item, location | validators | _replayed(created), event)


def _replayed(result: Created[Any] | Accepted) -> Headers:
    if not result.is_replayed:
        return {}
    observability.count("IdempotentReplays")
    return {"Idempotency-Replayed": "true"}


def _validators(item: Versioned) -> Headers:
    return {"ETag": conditions.etag(item.id, item.version), "Cache-Control": "private, no-cache"}


def _lifetime(result: Cacheable[Any]) -> Headers:
    tag = hashlib.sha256(_text(result.item).encode()).hexdigest()[:32]
    # It is the same for every caller, but the gateway compresses what is large.
    vary = "Accept, Accept-Encoding, Origin"
    return {"ETag": f'"{tag}"', "Cache-Control": f"public, max-age={result.max_age_seconds}", "Vary": vary}


def _link(page: Page[Any], event: Event) -> Headers:
    """Lead on in a list of several parts, and back to the first, with all else that was asked for (RFC 8288)."""
    given = {name: values[0] for name, values in events.query(event).items()}
    if page.next_cursor is None and "cursor" not in given:
        return {}
    asked = {name: value for name, value in given.items() if name != "cursor"}
    following = {} if page.next_cursor is None else {"next": asked | {"cursor": page.next_cursor}}
    links = {**following, "first": asked}
    return {"Link": ", ".join(f'<{_target(event, query)}>; rel="{name}"' for name, query in links.items())}


def _target(event: Event, query: dict[str, str]) -> str:
    return f"{_address(event)}?{urlencode(query)}" if query else _address(event)


def _address(event: Event) -> str:
    """Return the path of the request as it may stand in a header: no blanks, line breaks or angle brackets."""
    return quote(events.path(event), safe="/%:@!$&'()*+,;=~", errors="replace")


def _response(status: int, body: object, headers: Headers, event: Event) -> Response:
    text = "" if body is None else _text(body)
    content = {} if body is None else _content_headers(body)
    shown = "" if events.method(event) == "HEAD" else text
    return {"statusCode": status, "headers": _common() | content | headers, "body": shown, "isBase64Encoded": False}


def _content_headers(body: object) -> Headers:
    return documents.headers_of(body) if isinstance(body, Document) else {"Content-Type": _JSON}


def _text(body: object) -> str:
    return body.text if isinstance(body, Document | Written) else plain.text(body)


def _common() -> Headers:
    common = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Accept, Authorization, Origin"}
    origin = settings.cors_origin()
    if not origin:
        return common
    return common | {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED}
