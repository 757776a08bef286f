"""Conditions (RFC 9110, section 13) of everything that has an entity tag: reads of it, and writes on its path."""

from typing import Any

import pytest

from tests.envelope import assert_answer, assert_envelope
from tests.handlers.endpoints import ANSWERING, Endpoint
from tests.handlers.test_caching import LIVES
from tests.handlers.world import World

TAGGED = [each for each in ANSWERING if each.method == "GET" and each.stem in LIVES]
WRITING = [
    each
    for each in ANSWERING
    if each.method in ("PUT", "PATCH", "DELETE") and each.path in {tagged.path for tagged in TAGGED}
]
LONG_AGO, SOON = "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 2100 23:59:59 GMT"

every_read = pytest.mark.parametrize("endpoint", TAGGED, ids=lambda endpoint: endpoint.stem)
every_write = pytest.mark.parametrize("endpoint", WRITING, ids=lambda endpoint: endpoint.stem)


def asked(world: World, endpoint: Endpoint, method: str = "GET", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return world.call(endpoint.stem, endpoint.event(headers=named) | {"httpMethod": method})


def tag_of(world: World, endpoint: Endpoint) -> str:
    """Return the tag of what stands at that endpoint's path now."""
    read = next(each for each in TAGGED if each.path == endpoint.path)
    tag: str = asked(world, read)["headers"]["ETag"]
    return tag


@every_read
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '{},"other"', ",{} , ", "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_304_with_the_headers_of_200(
    endpoint: Endpoint, form: str, method: str, world: World
) -> None:
    full = asked(world, endpoint)
    answer = asked(world, endpoint, method, If_None_Match=form.format(full["headers"]["ETag"]))
    assert (answer["statusCode"], answer["body"]) == (304, "")
    assert answer["headers"] == full["headers"]


@every_read
@pytest.mark.parametrize("form", ['"other"', 'W/"other"', '"*"'])
def test_what_the_client_has_not_is_sent(endpoint: Endpoint, form: str, world: World) -> None:
    assert asked(world, endpoint, If_None_Match=form)["statusCode"] == 200


@every_read
@pytest.mark.parametrize(
    ("form", "status"), [("{}", 200), ("*", 200), ('"other", {}', 200), ("W/{}", 412), ('"other"', 412), ("other", 400)]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_read_of_one_version_gets_that_or_412(
    endpoint: Endpoint, form: str, status: int, method: str, world: World
) -> None:
    answer = asked(world, endpoint, method, If_Match=form.format(tag_of(world, endpoint)))
    assert answer["statusCode"] == status


@every_read
def test_if_match_is_asked_before_if_none_match(endpoint: Endpoint, world: World) -> None:
    tag = tag_of(world, endpoint)
    assert asked(world, endpoint, If_Match='"other"', If_None_Match=tag)["statusCode"] == 412
    assert asked(world, endpoint, If_Match=tag, If_None_Match=tag)["statusCode"] == 304


@every_read
@pytest.mark.parametrize("time", [LONG_AGO, SOON, "nonsense", ""])
def test_times_are_no_conditions(endpoint: Endpoint, time: str, world: World) -> None:
    for name in ("If_Modified_Since", "If_Unmodified_Since", "If_Range"):
        assert asked(world, endpoint, **{name: time})["statusCode"] == 200


@every_read
def test_ranges_are_not_served(endpoint: Endpoint, world: World) -> None:
    assert asked(world, endpoint, Range="bytes=0-1")["body"] == asked(world, endpoint)["body"]


@every_write
@pytest.mark.parametrize("form", ["{}", "*", '"other", {}'])
def test_a_write_on_the_version_that_it_names_is_done(endpoint: Endpoint, form: str, world: World) -> None:
    answer = asked(world, endpoint, endpoint.method, If_Match=form.format(tag_of(world, endpoint)))
    assert_answer(answer, endpoint.status)


@every_write
@pytest.mark.parametrize(
    "headers",
    [{"If_Match": '"other"'}, {"If_Match": "W/{}"}, {"If_None_Match": "*"}, {"If_None_Match": "{}"},
     {"If_None_Match": "W/{}"}, {"If_Match": "{}", "If_None_Match": "*"}],
)  # fmt: skip
def test_a_write_on_another_version_is_412_and_not_done(
    endpoint: Endpoint, headers: dict[str, str], world: World
) -> None:
    tag = tag_of(world, endpoint)
    named = {name: value.format(tag) for name, value in headers.items()}
    assert_envelope(asked(world, endpoint, endpoint.method, **named), 412, "stale_version")
    assert tag_of(world, endpoint) == tag


@every_write
@pytest.mark.parametrize("name", ["If_Match", "If_None_Match"])
def test_a_write_on_what_is_no_tag_is_400_and_not_done(endpoint: Endpoint, name: str, world: World) -> None:
    tag = tag_of(world, endpoint)
    answer = asked(world, endpoint, endpoint.method, **{name: tag.strip('"')})
    assert_envelope(answer, 400, "malformed_condition")
    assert tag_of(world, endpoint) == tag


def test_there_are_writes_among_them() -> None:
    assert {each.method for each in WRITING} == {"DELETE", "PATCH", "PUT"}
