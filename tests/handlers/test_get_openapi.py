"""GET /api/openapi.json: the document that the generator made."""

from typing import Any

from tests.builders import an_event
from tests.envelope import assert_answer
from tests.handlers.world import World
from tools.openapi import document


def ask(world: World, method: str = "GET", **headers: str) -> dict[str, Any]:
    return world.call("get_openapi", an_event(method, "/api/openapi.json", headers=headers))


def test_it_is_the_generated_document(world: World) -> None:
    assert assert_answer(ask(world), 200) == document.build()


def test_it_may_be_kept_for_five_minutes(world: World) -> None:
    assert ask(world)["headers"]["Cache-Control"] == "public, max-age=300"


def test_who_has_it_already_gets_304(world: World) -> None:
    tag = ask(world)["headers"]["ETag"]
    response = ask(world, **{"If-None-Match": tag})
    assert (response["statusCode"], response["body"], response["headers"]["ETag"]) == (304, "", tag)


def test_head_has_the_headers_and_no_body(world: World) -> None:
    response = ask(world, "HEAD")
    assert (response["statusCode"], response["body"]) == (200, "")
    assert response["headers"] == ask(world)["headers"]


def test_it_fits_into_an_answer_of_lambda(world: World) -> None:
    assert len(ask(world)["body"].encode()) < 1_000_000


def test_neither_database_nor_cache_is_asked(world: World) -> None:
    world.fail(AssertionError("asked the database"))
    assert_answer(ask(world), 200)
