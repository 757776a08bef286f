"""RateLimit and RateLimit-Policy, read by a parser of structured fields (RFC 9651) that others wrote."""

from typing import Any

import http_sf
import httpx
import pytest

from tests.handlers.endpoints import LIMITED, Endpoint
from tests.handlers.prepared import prepare
from tests.handlers.world import World
from tests.protocol.exchanges import good

Items = dict[str, dict[str, Any]]


def items(answer: httpx.Response, name: str) -> Items:
    """Return the parameters of each item of the list by the item's name, which is a string."""
    found: Any = http_sf.parse(answer.headers[name].encode("ascii"), tltype="list")
    assert all(type(value) is str for value, _ in found)
    assert len({value for value, _ in found}) == len(found)
    return {value: dict(parameters) for value, parameters in found}


@pytest.mark.parametrize("endpoint", LIMITED, ids=lambda endpoint: endpoint.stem)
def test_both_fields_are_lists_of_strings_with_whole_numbers(
    endpoint: Endpoint, wire: httpx.Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "100")
    prepare(world, endpoint.stem)
    exchange = good(endpoint)
    answer = wire.request(exchange.method, exchange.path, headers=exchange.headers, content=exchange.content)
    policies, left = items(answer, "RateLimit-Policy"), items(answer, "RateLimit")
    assert policies.keys() == left.keys()
    for name, policy in policies.items():
        assert (set(policy), set(left[name])) == ({"q", "w"}, {"r", "t"})
        assert all(type(number) is int for number in (*policy.values(), *left[name].values()))
        assert 0 <= left[name]["r"] <= policy["q"]
        assert 0 <= left[name]["t"] <= policy["w"]


@pytest.mark.parametrize(
    "value", ["login;q=1;w=60", '"login";q=1;w=60,', '"login" q=1', '"login";Q=1', "100, 100;w=60", '"login";q=']
)
def test_what_is_no_such_list_is_found(value: str) -> None:
    with pytest.raises((AssertionError, http_sf.StructuredFieldError)):
        items(httpx.Response(200, headers={"RateLimit": value}), "RateLimit")
