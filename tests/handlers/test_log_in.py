"""POST /api/auth/login: an access token for an address and a password."""

from typing import Any

import pytest
from roster.auth import common_passwords, passwords
from roster.users.repository import NewValues

from tests import forge
from tests.builders import PASSWORD, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import USER_FIELDS, World
from tests.unit.counting_hasher import OUTDATED


def log_in(world: World, email: object = "ada@example.com", password: object = PASSWORD) -> dict[str, Any]:
    body = {"email": email, "password": password}
    return world.call("log_in", an_event("POST", "/api/auth/login", body=body))


def test_a_login_is_answered_with_a_token_and_the_user(world: World) -> None:
    response = log_in(world)
    login = assert_answer(response, 200)
    assert login.keys() == {"access_token", "token_type", "expires_in", "refresh_token", "user"}
    assert (login["token_type"], login["expires_in"]) == ("Bearer", 86_400)
    assert login["user"].keys() == USER_FIELDS
    assert login["user"]["id"] == 1
    assert response["headers"]["Cache-Control"] == "no-store"


def test_the_token_speaks_for_the_user(world: World) -> None:
    caller = forge.verify(assert_answer(log_in(world), 200)["access_token"])
    assert (caller.user_id, caller.role) == (1, "user")
    world.users.change(1, NewValues(role="admin"))
    assert forge.verify(assert_answer(log_in(world), 200)["access_token"]).is_admin


def test_the_token_lives_as_long_as_configured(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCESS_TOKEN_SECONDS", "60")
    assert assert_answer(log_in(world), 200)["expires_in"] == 60


@pytest.mark.parametrize("email", ["ADA@EXAMPLE.COM", " ada@example.com ", "ａｄａ＠example.com"])
def test_an_address_is_found_in_any_spelling(email: str, world: World) -> None:
    assert_answer(log_in(world, email), 200)


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(world: World) -> None:
    answers = [
        log_in(world, password="wrong"),
        log_in(world, "nobody@example.com"),
        log_in(world, "nobody@example.com", "x"),
    ]
    for response in answers:
        assert_envelope(response, 401, "wrong_credentials")
        assert response["headers"] == answers[0]["headers"]
        assert len(response["body"]) == len(answers[0]["body"])
        assert not [text for text in ("nobody", "ada@") if text in response["body"]]


@pytest.mark.parametrize("password", ["", "x", "x" * 1000, "é" * 14])
def test_any_text_is_a_password_to_be_compared(password: str, world: World) -> None:
    assert_envelope(log_in(world, password=password), 401, "wrong_credentials")


@pytest.mark.parametrize("email", ["", "ada", "ada@", "s3cret@", "x" * 300 + "@example.com"])
def test_what_is_no_address_is_invalid_and_not_echoed(email: str, world: World) -> None:
    response = log_in(world, email)
    assert_envelope(response, 422, "invalid_input", "body.email")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_a_blocked_account_is_answered_like_a_wrong_password(email: str, world: World) -> None:
    first, *_ = [log_in(world, email, "wrong") for _ in range(6)]
    blocked = log_in(world, email)
    assert_envelope(blocked, 401, "wrong_credentials")
    assert (blocked["headers"], len(blocked["body"])) == (first["headers"], len(first["body"]))


def test_a_disabled_account_is_told_only_to_who_knows_its_password(world: World) -> None:
    world.users.change(1, NewValues(status="disabled"))
    assert_envelope(log_in(world), 403, "account_disabled")
    assert_envelope(log_in(world, password="wrong"), 401, "wrong_credentials")


def test_an_erased_account_is_unknown(world: World) -> None:
    world.users.remove(1)
    assert_envelope(log_in(world), 401, "wrong_credentials")


def test_an_outdated_hash_is_renewed_and_nobody_notices(world: World) -> None:
    row = world.tables.rows[1]
    row.password_hash = OUTDATED.hash(PASSWORD)
    before = assert_answer(log_in(world), 200)["user"]
    assert not passwords.is_outdated(row.password_hash)
    assert assert_answer(log_in(world), 200)["user"] == before


def test_a_login_reads_no_list_of_common_passwords(world: World) -> None:
    common_passwords._bits.cache_clear()
    assert_answer(log_in(world), 200)
    assert_envelope(log_in(world, password="passwordstandard"), 401, "wrong_credentials")
    assert common_passwords._bits.cache_info().currsize == 0


def test_a_token_of_ones_own_makes_no_difference(world: World) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD}
    event = an_event("POST", "/api/auth/login", body=body, headers={"Authorization": "Bearer nonsense"})
    assert_answer(world.call("log_in", event), 200)


def test_a_missing_signing_key_is_a_bug_of_ours_and_not_told(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JWT_SIGNING_KEY", '{"d": "s3cret"}')
    response = log_in(world)
    assert_envelope(response, 500, "internal_error")
    assert "s3cret" not in response["body"] + capsys.readouterr().out
