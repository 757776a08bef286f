"""ANY /{proxy+}: what no other function answers."""

import pytest
from roster.api import routes

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADMIN, World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/api", "/api/user", "/api/users/1/2/3", "/API/USERS", "/api/%2e%2e/users"]
)
def test_an_unknown_path_is_404_for_any_method(method: str, path: str, world: World) -> None:
    response = world.call("refuse_route", an_event(method, path))
    if method == "HEAD":
        assert (response["statusCode"], response["body"]) == (404, "")
    else:
        assert_envelope(response, 404, "route_not_found")


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "POST", "DELETE"])
@pytest.mark.parametrize("resource", routes.METHODS)
def test_an_unknown_method_on_a_known_path_is_405_with_the_allowed_ones(
    method: str, resource: str, world: World
) -> None:
    response = world.call("refuse_route", an_event(method, resource.replace("{user_id}", "1")))
    assert_envelope(response, 405, "method_not_allowed")
    assert response["headers"]["Allow"].split(", ") == [*routes.METHODS[resource], "OPTIONS"]


def test_head_is_allowed_where_get_is() -> None:
    assert all(("HEAD" in methods) == ("GET" in methods) for methods in routes.METHODS.values())


@pytest.mark.parametrize("caller", [None, ADMIN])
def test_query_body_and_caller_make_no_difference(caller: object, world: World) -> None:
    event = an_event("POST", "/nowhere", caller, "{not json", {"Content-Type": "x"}, {"a": ["1", "2"]})  # type: ignore[arg-type]
    assert_envelope(world.call("refuse_route", event), 404, "route_not_found")


def test_the_path_is_not_echoed(world: World) -> None:
    response = world.call("refuse_route", an_event("GET", "/<script>s3cret</script>"))
    assert "s3cret" not in response["body"] + str(response["headers"])


def test_nothing_is_looked_up(world: World) -> None:
    world.fail()
    assert_answer(world.call("refuse_route", an_event("GET", "/nowhere")), 404)
