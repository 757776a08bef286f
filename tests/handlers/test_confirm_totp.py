"""POST /api/auth/totp/confirm: from now on logins ask for codes."""

from typing import Any

import pytest
from roster.second_factors import recovery_codes

from tests.builders import PASSWORD, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers import prepared
from tests.handlers.world import ADA, World


def confirm(world: World, code: str = prepared.CODE) -> dict[str, Any]:
    return world.call("confirm_totp", an_event("POST", "/api/auth/totp/confirm", ADA, {"code": code}))


def log_in(world: World) -> Any:
    body = {"email": "ada@example.com", "password": PASSWORD}
    return assert_answer(world.call("log_in", an_event("POST", "/api/auth/login", body=body)), 200)


def test_a_right_code_is_answered_with_the_recovery_codes_this_once(world: World) -> None:
    prepared.everybody_enrolled(world)
    assert "access_token" in log_in(world)
    codes = assert_answer(confirm(world), 200)
    assert codes.keys() == {"recovery_codes"}
    assert len(set(codes["recovery_codes"])) == 10
    assert log_in(world).keys() == {"second_factor"}
    factor = world.tables.rows[1].factor
    assert factor is not None
    assert not any(code.encode() in kept for code in codes["recovery_codes"] for kept in factor.code_hashes)


@pytest.mark.parametrize("code", ["", "000000", "s3cret", prepared.CODE[:-1], prepared.RECOVERY_CODE])
def test_a_wrong_code_is_named_and_not_echoed(code: str, world: World) -> None:
    prepared.everybody_enrolled(world)
    response = confirm(world, code)
    error = assert_envelope(response, 422, "invalid_input", "body.code")
    assert error["details"][0]["code"] == "wrong_code"
    assert "s3cret" not in response["body"]
    assert "access_token" in log_in(world)


def test_without_anything_to_confirm_it_says_so(world: World) -> None:
    assert_envelope(confirm(world), 404, "second_factor_not_found")
    prepared.everybody_confirmed(world)
    assert_envelope(confirm(world), 409, "second_factor_exists")


def test_of_two_that_confirm_at_once_one_is_a_conflict(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def made_meanwhile() -> list[str]:
        prepared.everybody_confirmed(world)
        return ["a code"]

    prepared.everybody_enrolled(world)
    monkeypatch.setattr(recovery_codes, "make", made_meanwhile)
    assert_envelope(confirm(world), 409, "second_factor_changed_meanwhile")
