"""GET /.well-known/jwks.json: the public keys, and nothing private."""

import json
from typing import Any

import pytest
from roster.infrastructure import keys

from tests import forge
from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import World


def ask(world: World, method: str = "GET", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return world.call("get_signing_keys", an_event(method, "/.well-known/jwks.json", headers=named))


def test_the_public_keys_are_told_as_they_are_configured(world: World) -> None:
    assert assert_answer(ask(world), 200) == json.loads(forge.KEY_PAIR.public)


def test_all_keys_of_a_rotation_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    both = json.loads(forge.KEY_PAIR.public)["keys"] + json.loads(keys.generate().public)["keys"]
    monkeypatch.setenv("JWT_PUBLIC_KEYS", json.dumps({"keys": both}))
    assert assert_answer(ask(world), 200) == {"keys": both}


def test_before_there_are_keys_the_set_is_empty(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_PUBLIC_KEYS", '{"keys": []}')
    assert assert_answer(ask(world), 200) == {"keys": []}


def test_a_private_key_that_was_configured_by_mistake_stays_private(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = json.loads(forge.KEY_PAIR.private) | {"note": "of ours"}
    monkeypatch.setenv("JWT_PUBLIC_KEYS", json.dumps({"keys": [private]}))
    response = ask(world)
    (key,) = assert_answer(response, 200)["keys"]
    assert key.keys() == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert private["d"] not in response["body"]


@pytest.mark.parametrize(
    "configured",
    ["", "{", "[]", "{}", '{"keys": 1}', '{"keys": [1]}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}',
     '{"keys": [{"kty": "EC", "crv": "P-256", "x": "s3cret", "y": 1, "kid": "a"}]}'],
)  # fmt: skip
def test_what_is_no_set_of_public_keys_is_not_published(
    configured: str, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JWT_PUBLIC_KEYS", configured)
    response = ask(world)
    assert_envelope(response, 500, "internal_error")
    assert "s3cret" not in response["body"] + capsys.readouterr().out


def test_it_may_be_kept_for_five_minutes(world: World) -> None:
    assert ask(world)["headers"]["Cache-Control"] == "public, max-age=300"


def test_who_has_it_already_gets_304(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = ask(world)["headers"]["ETag"]
    known = ask(world, If_None_Match=tag)
    assert (known["statusCode"], known["body"], known["headers"]["ETag"]) == (304, "", tag)
    assert known["headers"]["Cache-Control"] == "public, max-age=300"
    monkeypatch.setenv("JWT_PUBLIC_KEYS", keys.generate().public)
    assert assert_answer(ask(world, If_None_Match=tag), 200)


def test_head_has_the_headers_and_no_body(world: World) -> None:
    response = ask(world, "HEAD")
    assert (response["statusCode"], response["body"]) == (200, "")
    assert response["headers"] == ask(world)["headers"]


def test_neither_database_nor_cache_is_asked(world: World) -> None:
    world.fail(AssertionError("asked the database"))
    assert_answer(ask(world), 200)
