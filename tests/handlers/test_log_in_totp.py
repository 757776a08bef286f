"""POST /api/auth/login/totp: the second step of a login."""

from typing import Any

import pytest
from roster.second_steps.repository import LIFE_SECONDS, TRIES
from roster.users.repository import NewValues

from tests import forge
from tests.builders import PASSWORD, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers import prepared
from tests.handlers.test_log_in import log_in
from tests.handlers.world import ADA, USER_FIELDS, World


@pytest.fixture
def armed(world: World) -> World:
    """Return a world in which Ada has a second factor."""
    prepared.everybody_confirmed(world)
    return world


def begun(world: World) -> str:
    challenge: str = assert_answer(log_in(world), 200)["second_factor"]["challenge"]
    return challenge


def finish(world: World, challenge: str, code: str = prepared.CODE) -> dict[str, Any]:
    body = {"challenge": challenge, "code": code}
    return world.call("log_in_totp", an_event("POST", "/api/auth/login/totp", body=body))


def test_a_right_password_alone_opens_no_session_and_is_worth_no_token(armed: World) -> None:
    sessions = dict(armed.tables.sessions)
    response = log_in(armed)
    answer = assert_answer(response, 200)
    assert answer.keys() == {"second_factor"}
    assert answer["second_factor"].keys() == {"challenge", "expires_in", "methods"}
    assert answer["second_factor"]["expires_in"] == LIFE_SECONDS
    assert answer["second_factor"]["methods"] == ["totp", "recovery_code"]
    assert response["headers"]["Cache-Control"] == "no-store"
    assert armed.tables.sessions == sessions


def test_whoever_does_not_know_the_password_learns_nothing_of_the_second_factor(armed: World) -> None:
    wrong, unknown = log_in(armed, password="wrong"), log_in(armed, "nobody@example.com")
    assert_envelope(wrong, 401, "wrong_credentials")
    assert (wrong["headers"], len(wrong["body"])) == (unknown["headers"], len(unknown["body"]))


@pytest.mark.parametrize("code", [prepared.CODE, prepared.RECOVERY_CODE, prepared.RECOVERY_CODE.lower()])
def test_a_code_completes_the_login_as_a_password_alone_does_for_others(code: str, armed: World) -> None:
    response = finish(armed, begun(armed), code)
    login = assert_answer(response, 200)
    assert login.keys() == {"access_token", "token_type", "expires_in", "refresh_token", "user"}
    assert login["user"].keys() == USER_FIELDS
    caller = forge.verify(login["access_token"])
    assert (caller.user_id, caller.role) == (1, "user")
    assert caller.session_id in armed.tables.sessions
    assert response["headers"]["Cache-Control"] == "no-store"


def test_a_code_is_good_once(armed: World) -> None:
    assert_answer(finish(armed, begun(armed)), 200)
    assert_envelope(finish(armed, begun(armed)), 401, "wrong_code")


def test_a_challenge_is_good_once(armed: World) -> None:
    challenge = begun(armed)
    assert_answer(finish(armed, challenge), 200)
    assert_envelope(finish(armed, challenge, prepared.RECOVERY_CODE), 401, "invalid_challenge")


@pytest.mark.parametrize("code", ["", "000000", "s3cret", prepared.CODE + "0"])
def test_a_wrong_code_leaves_the_login_open_and_is_not_echoed(code: str, armed: World) -> None:
    challenge = begun(armed)
    response = finish(armed, challenge, code)
    assert_envelope(response, 401, "wrong_code")
    assert response["headers"]["WWW-Authenticate"] == "Bearer"
    assert "s3cret" not in response["body"]
    assert_answer(finish(armed, challenge), 200)


def test_after_five_wrong_codes_the_login_has_ended(armed: World) -> None:
    challenge = begun(armed)
    for _ in range(TRIES):
        assert_envelope(finish(armed, challenge, "000000"), 401, "wrong_code")
    assert_envelope(finish(armed, challenge), 401, "invalid_challenge")


@pytest.mark.parametrize("challenge", ["", "s3cret", "x" * 43, "é"])
def test_what_was_never_a_challenge_is_refused_and_not_echoed(challenge: str, armed: World) -> None:
    response = finish(armed, challenge)
    assert_envelope(response, 401, "invalid_challenge")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("field", ["challenge", "code"])
def test_what_is_far_too_long_is_invalid_and_not_echoed(field: str, armed: World) -> None:
    response = finish(armed, **{"challenge": "x", "code": "x"} | {field: "s3cret" * 11})
    assert_envelope(response, 422, "invalid_input", f"body.{field}")
    assert "s3cret" not in response["body"]


def test_a_challenge_is_no_token_of_any_other_kind(armed: World) -> None:
    challenge = begun(armed)
    refresh = an_event("POST", "/api/auth/refresh", body={"refresh_token": challenge})
    assert_envelope(armed.call("refresh_session", refresh), 401, "invalid_refresh_token")
    event = {"authorizationToken": f"Bearer {challenge}", "methodArn": "arn:aws:execute-api:eu:1:api/dev/GET/"}
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        armed.call("authorize_request", event)


def test_a_new_password_ends_logins_with_the_old_one(armed: World) -> None:
    challenge = begun(armed)
    change = {"current_password": PASSWORD, "new_password": "another lighthouse"}
    assert_answer(armed.call("change_password", an_event("PUT", "/api/users/1/password", ADA, change)), 204)
    assert_envelope(finish(armed, challenge), 401, "invalid_challenge")


def test_who_is_disabled_or_erased_meanwhile_does_not_get_in(armed: World) -> None:
    challenge = begun(armed)
    armed.users.change(1, NewValues(status="disabled"))
    assert_envelope(finish(armed, challenge), 401, "invalid_challenge")
    assert_envelope(log_in(armed), 403, "account_disabled")
    armed.users.remove(1)
    assert_envelope(finish(armed, challenge), 401, "invalid_challenge")


def test_without_the_keys_recovery_codes_still_open_the_door(armed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECOND_FACTOR_KEYS")
    challenge = begun(armed)
    assert_envelope(finish(armed, challenge), 500, "internal_error")
    assert_answer(finish(armed, challenge, prepared.RECOVERY_CODE), 200)
