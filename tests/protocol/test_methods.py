"""HEAD, and methods that API Gateway does not know, over the wire; tests/end_to_end/test_gateway.py has the others."""

import httpx
import pytest

from tests.handlers.endpoints import ENDPOINTS, Endpoint
from tests.handlers.prepared import prepare
from tests.handlers.world import World
from tests.protocol.exchanges import Exchange, good

GETTING = [endpoint for endpoint in ENDPOINTS if endpoint.method == "GET"]
PATHS = sorted({endpoint.path for endpoint in ENDPOINTS if endpoint.stem != "refuse_route"})
# They differ from one answer to the next.
PASSING = {
    "date",
    "x-amzn-requestid",
    "x-amz-apigw-id",
    "x-amzn-trace-id",
    "ratelimit",
    "content-length",
    "transfer-encoding",
}


def sent(wire: httpx.Client, exchange: Exchange, **headers: str) -> httpx.Response:
    return wire.request(exchange.method, exchange.path, headers=exchange.headers | headers, content=exchange.content)


def lasting(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in PASSING}


@pytest.mark.parametrize("endpoint", GETTING, ids=lambda endpoint: endpoint.stem)
@pytest.mark.parametrize(
    "headers",
    [{}, {"If-None-Match": "*"}, {"If-Match": '"x"'}, {"Accept": "application/nothing"}, {"Authorization": "x"}],
)
def test_head_is_get_without_the_body(
    endpoint: Endpoint, headers: dict[str, str], wire: httpx.Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "100")
    prepare(world, endpoint.stem)
    got = sent(wire, good(endpoint), **headers)
    headed = sent(wire, good(endpoint, method="HEAD"), **headers)
    assert (headed.status_code, headed.content) == (got.status_code, b"")
    assert lasting(headed) == lasting(got)
    assert ("RateLimit" in headed.headers) == ("RateLimit" in got.headers)
    length = headed.headers.get("Content-Length")
    assert length is None or length == got.headers["Content-Length"]


def test_the_link_to_the_next_page_is_told_to_head_too(wire: httpx.Client, world: World) -> None:
    for number in range(30):
        world.add(f"user-{number}@example.com")
    exchange = good(next(endpoint for endpoint in ENDPOINTS if endpoint.stem == "list_users"))
    assert 'rel="next"' in sent(wire, exchange._replace(method="HEAD")).headers["Link"]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "QUERY", "M-SEARCH", "X"])
@pytest.mark.parametrize("path", PATHS)
def test_methods_that_api_gateway_does_not_know_reach_no_function(
    method: str, path: str, wire: httpx.Client, world: World
) -> None:
    answer = wire.request(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "route_not_found")
    assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
