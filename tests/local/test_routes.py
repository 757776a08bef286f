"""The way of a REST API: the most specific resource first, then the method."""

import pytest

from local.model import Route
from local.routes import Match, Router


def a_router(*routes: str) -> Router:
    pairs = [route.split() for route in routes]
    return Router([Route(method, path, f"{method} {path}") for method, path in pairs])


def taken(match: Match | None) -> str | None:
    return match.route.function if match else None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users/me", "GET /users/me"),
        ("/users/7", "GET /users/{id}"),
        ("/users/7/orders", "GET /{proxy+}"),
        ("/users", "GET /{proxy+}"),
        ("/", None),
    ],
)
def test_literal_goes_before_parameter_before_greedy(path: str, expected: str | None) -> None:
    router = a_router("GET /{proxy+}", "GET /users/{id}", "GET /users/me")
    assert taken(router.match("GET", path)) == expected


def test_stated_method_goes_before_any() -> None:
    router = a_router("ANY /users", "GET /users")
    assert taken(router.match("GET", "/users")) == "GET /users"
    assert taken(router.match("BREW", "/users")) == "ANY /users"


def test_method_that_a_resource_lacks_is_not_looked_for_at_its_greedy_neighbour() -> None:
    assert a_router("GET /users", "ANY /{proxy+}").match("POST", "/users") is None


def test_head_is_no_get() -> None:
    assert a_router("GET /users").match("HEAD", "/users") is None


def test_path_parameters_are_decoded_once() -> None:
    match = a_router("GET /users/{id}").match("GET", "/users/a%2Fb%2520c")
    assert match is not None
    assert match.parameters == {"id": "a/b%20c"}


def test_path_without_parameters_has_none() -> None:
    match = a_router("GET /users").match("GET", "/users")
    assert match is not None
    assert match.parameters is None


def test_greedy_parameter_takes_all_that_follows() -> None:
    match = a_router("GET /files/{name+}").match("GET", "/files/a/b%20c/d")
    assert match is not None
    assert match.parameters == {"name": "a/b c/d"}


def test_trailing_slash_does_not_count_and_an_empty_segment_is_no_value() -> None:
    router = a_router("GET /users", "GET /users/{id}/orders")
    assert taken(router.match("GET", "/users/")) == "GET /users"
    assert router.match("GET", "/users//orders") is None


def test_root_is_a_resource() -> None:
    assert taken(a_router("GET /").match("GET", "/")) == "GET /"
