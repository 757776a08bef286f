"""Requests over the wire that are made of the good ones, and what is wrong with them."""

import json
from typing import Any, NamedTuple

from roster.api import routes
from roster.auth import tokens
from roster.auth.caller import Caller

from tests import forge
from tests.handlers.endpoints import ABOUT_A_USER, WITH_BODY, Endpoint
from tests.handlers.world import STRANGER

Headers = dict[str, str]
PROBLEM = "application/problem+json, */*;q=0.5"
EVERY_METHOD = {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"}
_PREFLIGHT = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "GET"}
_LARGE = b" " * (256 * 1024 + 1)


class Exchange(NamedTuple):
    """A request, and the status of its answer."""

    status: int
    method: str
    path: str
    headers: Headers
    content: bytes = b""


def good(endpoint: Endpoint, **changes: Any) -> Exchange:
    """Return the good request of that endpoint, with other fields."""
    content = b"" if endpoint.body is None else json.dumps(endpoint.body).encode()
    headers = token_of(endpoint.caller) | ({"Content-Type": "application/json"} if content else {})
    return Exchange(endpoint.status, endpoint.method, endpoint.path, headers, content)._replace(**changes)


def refused_methods(endpoint: Endpoint) -> list[str]:
    """Return the methods that its path does not answer, of those that API Gateway knows."""
    return sorted(EVERY_METHOD - set(routes.METHODS[endpoint.event()["resource"]]))


def token_of(caller: Caller | None) -> Headers:
    """Return the header with the caller's token."""
    if caller is None:
        return {}
    token = tokens.issue(caller, key=forge.SIGNING_KEY, issuer=forge.ISSUER, life_seconds=3600)
    return {"Authorization": f"Bearer {token}"}


def of_endpoint(endpoint: Endpoint) -> dict[str, Exchange]:
    """Return its good request, and one for each way in which input alone makes it a bad one."""
    fine = good(endpoint)
    found = {"good": fine, "problem": _with(fine, Accept=PROBLEM)}
    found["unacceptable"] = _with(fine, Accept="application/nothing")._replace(status=406)
    if endpoint.method == "GET":
        found["head"] = fine._replace(method="HEAD")
    if endpoint.stem == "refuse_route":
        return found
    found["preflight"] = Exchange(200, "OPTIONS", fine.path, _PREFLIGHT)
    found["query"] = fine._replace(status=422, path=f"{fine.path}?nobody=knows")
    found["query, as a problem"] = _with(found["query"], Accept=PROBLEM)
    found |= {f"as {method}": Exchange(405, method, fine.path, {}) for method in refused_methods(endpoint)}
    return found | _by_strangers(endpoint, fine) | _by_bodies(endpoint, fine)


def _by_strangers(endpoint: Endpoint, fine: Exchange) -> dict[str, Exchange]:
    found: dict[str, Exchange] = {}
    if endpoint.caller:
        ended = token_of(endpoint.caller._replace(session_id="b7f0a1c2-0000-4000-8000-999999999999"))
        found["no token"] = fine._replace(status=401, headers={})
        found["bad token"] = _with(fine, Authorization="Bearer a.b.c")._replace(status=401)
        found["ended session"] = _with(fine, **ended)._replace(status=401)
    if endpoint in ABOUT_A_USER:
        found["stranger"] = _with(fine, **token_of(STRANGER))._replace(status=403)
        found["no id"] = fine._replace(status=404, path=fine.path.replace("/users/1", "/users/x"))
    return found


def _by_bodies(endpoint: Endpoint, fine: Exchange) -> dict[str, Exchange]:
    if endpoint not in WITH_BODY:
        return {}
    return {
        "no json": fine._replace(status=400, content=b"{"),
        "large": fine._replace(status=413, content=_LARGE),
        "text": _with(fine, **{"Content-Type": "text/plain"})._replace(status=415),
        "no fields": fine._replace(status=422, content=b'{"x": 1}'),
    }


def _with(exchange: Exchange, **headers: str) -> Exchange:
    return exchange._replace(headers=exchange.headers | headers)
