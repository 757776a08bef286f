"""POST /api/auth/totp/disable: the password alone does again."""

from typing import Any

import pytest

from tests.builders import PASSWORD, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers import prepared
from tests.handlers.world import ADA, World


def disable(world: World, password: str = PASSWORD, code: str = prepared.CODE) -> dict[str, Any]:
    body = {"current_password": password, "code": code}
    return world.call("disable_totp", an_event("POST", "/api/auth/totp/disable", ADA, body))


@pytest.mark.parametrize("code", [prepared.CODE, prepared.RECOVERY_CODE])
def test_password_and_code_disable_it(code: str, world: World) -> None:
    prepared.everybody_confirmed(world)
    assert assert_answer(disable(world, code=code), 204) is None
    login = an_event("POST", "/api/auth/login", body={"email": "ada@example.com", "password": PASSWORD})
    assert "access_token" in assert_answer(world.call("log_in", login), 200)
    assert_envelope(disable(world), 404, "second_factor_not_found")


def test_either_alone_does_not(world: World) -> None:
    prepared.everybody_confirmed(world)
    assert_envelope(disable(world, password="wrong"), 422, "invalid_input", "body.current_password")
    assert_envelope(disable(world, code="000000"), 422, "invalid_input", "body.code")
    assert_answer(disable(world), 204)


def test_a_password_that_is_short_without_it_is_changed_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.everybody_confirmed(world)
    monkeypatch.setenv("PASSWORD_LENGTH_MIN", "30")
    assert_envelope(disable(world), 409, "password_needs_second_factor")
