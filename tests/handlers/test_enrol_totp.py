"""POST /api/auth/totp: a secret for the caller's authenticator."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.builders import PASSWORD, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers import prepared
from tests.handlers.world import ADA, World


def enrol(world: World, password: str = PASSWORD) -> dict[str, Any]:
    return world.call("enrol_totp", an_event("POST", "/api/auth/totp", ADA, {"current_password": password}))


def test_a_secret_is_answered_as_text_and_as_a_uri_and_kept_by_nobody_on_the_way(world: World) -> None:
    response = enrol(world)
    enrolment = assert_answer(response, 200)
    assert enrolment.keys() == {"secret", "provisioning_uri"}
    uri = urlsplit(enrolment["provisioning_uri"])
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/Roster:ada@example.com")
    assert parse_qs(uri.query)["secret"] == [enrolment["secret"]]
    assert len(enrolment["secret"]) == 32
    assert response["headers"]["Cache-Control"] == "no-store"


def test_authenticators_show_the_name_that_is_configured(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRODUCT_NAME", "ACME: R & D")
    uri = assert_answer(enrol(world), 200)["provisioning_uri"]
    assert unquote(urlsplit(uri).path) == "/ACME  R & D:ada@example.com"
    assert parse_qs(urlsplit(uri).query)["issuer"] == ["ACME  R & D"]


def test_until_it_is_confirmed_it_may_be_replaced_and_after_that_not(world: World) -> None:
    assert assert_answer(enrol(world), 200) != assert_answer(enrol(world), 200)
    prepared.everybody_confirmed(world)
    assert_envelope(enrol(world), 409, "second_factor_exists")


def test_a_wrong_password_is_named_and_not_echoed(world: World) -> None:
    response = enrol(world, "s3cret")
    error = assert_envelope(response, 422, "invalid_input", "body.current_password")
    assert error["details"][0]["code"] == "wrong_password"
    assert "s3cret" not in response["body"]


def test_without_a_key_it_is_said_that_there_are_no_second_factors(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECOND_FACTOR_KEYS")
    assert_envelope(enrol(world), 403, "second_factors_off")


def test_a_broken_key_is_a_bug_of_ours_and_not_told(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECOND_FACTOR_KEYS", '{"keys": [{"kid": "s3cret", "k": "s3cret"}]}')
    response = enrol(world)
    assert_envelope(response, 500, "internal_error")
    assert "s3cret" not in response["body"] + capsys.readouterr().out
