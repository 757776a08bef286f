"""GET /.well-known/openid-configuration: where a verifier finds what it needs."""

from typing import Any

import pytest

from tests.builders import an_event
from tests.envelope import assert_answer
from tests.handlers.world import World


def ask(world: World, method: str = "GET") -> dict[str, Any]:
    return world.call("get_discovery", an_event(method, "/.well-known/openid-configuration"))


def test_it_names_the_issuer_and_what_lies_below(world: World) -> None:
    assert assert_answer(ask(world), 200) == {
        "issuer": "https://roster.test",
        "jwks_uri": "https://roster.test/.well-known/jwks.json",
        "token_endpoint": "https://roster.test/api/auth/login",
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }


@pytest.mark.parametrize("issuer", ["https://api.test/dev", "https://api.test/dev/"])
def test_the_issuer_is_told_to_the_letter_and_its_paths_are_whole(
    issuer: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWT_ISSUER", issuer)
    told = assert_answer(ask(world), 200)
    assert (told["issuer"], told["jwks_uri"]) == (issuer, "https://api.test/dev/.well-known/jwks.json")


def test_it_may_be_kept_for_five_minutes(world: World) -> None:
    assert ask(world)["headers"]["Cache-Control"] == "public, max-age=300"


def test_head_has_the_headers_and_no_body(world: World) -> None:
    response = ask(world, "HEAD")
    assert (response["statusCode"], response["body"]) == (200, "")
    assert response["headers"] == ask(world)["headers"]


def test_neither_database_nor_cache_is_asked(world: World) -> None:
    world.fail(AssertionError("asked the database"))
    assert_answer(ask(world), 200)


def test_who_has_it_already_gets_304(world: World) -> None:
    tag = ask(world)["headers"]["ETag"]
    event = an_event("GET", "/.well-known/openid-configuration", headers={"If-None-Match": tag})
    known = world.call("get_discovery", event)
    assert (known["statusCode"], known["body"], known["headers"]["ETag"]) == (304, "", tag)
