"""Every answer of every endpoint, as it comes over the wire, in the eyes of a linter that others wrote."""

from collections.abc import Iterable

import httpx
import pytest
from roster.errors import UnavailableError

from tests.handlers.endpoints import BY_STEM, ENDPOINTS, LIMITED, REACHING_STORES, Endpoint
from tests.handlers.prepared import prepare
from tests.handlers.test_caching import LIVES
from tests.handlers.world import World
from tests.protocol.exchanges import Exchange, good, of_endpoint
from tests.protocol.linting import ACCEPTED, complaints

BREAKING = {503: UnavailableError(), 500: RuntimeError("a bug")}
TAGGED = [each for each in ENDPOINTS if each.method == "GET" and each.stem in LIVES]

Complaints = dict[str, list[str]]


def ids(endpoint: Endpoint) -> str:
    return endpoint.stem


def sent(wire: httpx.Client, exchange: Exchange) -> httpx.Response:
    answer = wire.request(exchange.method, exchange.path, headers=exchange.headers, content=exchange.content)
    assert answer.status_code == exchange.status, answer.text
    return answer


def linted(answers: Iterable[httpx.Response]) -> Complaints:
    found = {f"{answer.status_code} {answer.request.method}": complaints(answer) for answer in answers}
    return {name: each for name, each in found.items() if each}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=ids)
def test_what_input_brings_about_is_good_http(
    endpoint: Endpoint, wire: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: Complaints = {}
    for name, exchange in of_endpoint(endpoint).items():
        prepare(World(monkeypatch), endpoint.stem)
        found[name] = complaints(sent(wire, exchange))
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("endpoint", REACHING_STORES, ids=ids)
@pytest.mark.parametrize("status", BREAKING)
def test_what_goes_wrong_here_is_good_http(endpoint: Endpoint, status: int, wire: httpx.Client, world: World) -> None:
    world.fail(BREAKING[status])
    assert linted([sent(wire, good(endpoint, status=status))]) == {}


@pytest.mark.parametrize("endpoint", LIMITED, ids=ids)
def test_to_slow_somebody_down_is_good_http(
    endpoint: Endpoint, wire: httpx.Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "1")
    again = good(endpoint)
    answers = [wire.request(again.method, again.path, headers=again.headers, content=again.content) for _ in range(14)]
    assert answers[-1].status_code == 429
    assert linted([answers[0], answers[-1]]) == {}


@pytest.mark.parametrize("endpoint", TAGGED, ids=ids)
def test_conditional_answers_are_good_http(endpoint: Endpoint, wire: httpx.Client, world: World) -> None:
    prepare(world, endpoint.stem)
    exchange = good(endpoint)
    tag = sent(wire, exchange).headers["ETag"]
    known = exchange._replace(status=304, headers=exchange.headers | {"If-None-Match": tag})
    stale = exchange._replace(status=412, headers=exchange.headers | {"If-Match": '"other"'})
    found = [sent(wire, each._replace(method=method)) for each in (known, stale) for method in ("GET", "HEAD")]
    assert linted(found) == {}
    assert [answer.content for answer in (found[0], found[1], found[3])] == [b""] * 3


def test_conflicts_are_good_http(wire: httpx.Client, world: World) -> None:
    world.add("bob@example.com")
    assert linted([sent(wire, good(BY_STEM["create_user"], status=409))]) == {}


def test_what_the_gateway_says_by_itself_is_good_http(wire: httpx.Client, world: World) -> None:
    answers = [
        wire.get("/api/users/1"),
        wire.get("/api/nowhere"),
        wire.request("TRACE", "/api/users"),
        wire.get("/api/health", headers={f"X-{number}": "x" * 1000 for number in range(11)}),
        wire.post("/api/users", content=b" " * (10 * 1024 * 1024 + 1)),
    ]
    assert [answer.status_code for answer in answers] == [401, 404, 404, 400, 413]
    assert linted(answers) == {}


def test_what_is_compressed_is_good_http(wire: httpx.Client, world: World) -> None:
    with wire.stream("GET", "/api/openapi.json", headers={"Accept-Encoding": "gzip"}) as answer:
        content = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip"
    assert complaints(answer, content) == []


def test_every_status_of_the_contract_is_among_them() -> None:
    seen = {exchange.status for endpoint in ENDPOINTS for exchange in of_endpoint(endpoint).values()}
    assert seen | {304, 409, 412, 429, *BREAKING} >= {
        200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429, 500, 503,
    }  # fmt: skip


PLANTED = {
    "a wrong length": {"Content-Length": "1"},
    "a status that needs a date": {"Date": "yesterday"},
    "a tag without quotes": {"ETag": "1-1"},
    "two lives": {"Cache-Control": "public, private"},
    "a life in words": {"Cache-Control": "max-age=long"},
    "a link without brackets": {"Link": "/api/users?cursor=x; rel=next"},
    "no later time": {"Retry-After": "soon"},
    "no challenge": {"WWW-Authenticate": 'Bearer realm="'},
    "no media type": {"Content-Type": "json"},
    "a charset that nobody knows": {"Content-Type": "text/plain; charset=latin-0"},
    "no list of names": {"Vary": "Accept; Origin"},
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str, wire: httpx.Client, world: World) -> None:
    fine = sent(wire, good(BY_STEM["get_user"]))
    assert complaints(fine) == []
    headers = {**dict(fine.headers), **{name.lower(): value for name, value in PLANTED[fault].items()}}
    spoilt = httpx.Response(200, headers=headers, content=fine.content, request=fine.request)
    assert complaints(spoilt)


def test_what_is_accepted_has_its_reason() -> None:
    assert all(len(reason) > 40 for reason in ACCEPTED.values())
