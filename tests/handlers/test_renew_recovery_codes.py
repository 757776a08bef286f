"""POST /api/auth/totp/recovery-codes: a new set, and the old one is void."""

from typing import Any

import pytest

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers import prepared
from tests.handlers.world import ADA, World


def renew(world: World, code: str) -> dict[str, Any]:
    return world.call("renew_recovery_codes", an_event("POST", "/api/auth/totp/recovery-codes", ADA, {"code": code}))


@pytest.mark.parametrize("code", [prepared.CODE, prepared.RECOVERY_CODE])
def test_a_right_code_makes_new_ones_and_voids_the_old_ones(code: str, world: World) -> None:
    prepared.everybody_confirmed(world)
    new = assert_answer(renew(world, code), 200)["recovery_codes"]
    assert len(new) == 10
    for used in (code, prepared.RECOVERY_CODE):
        assert_envelope(renew(world, used), 422, "invalid_input", "body.code")
    assert_answer(renew(world, new[0].lower()), 200)


def test_without_a_second_factor_there_are_none(world: World) -> None:
    assert_envelope(renew(world, "000000"), 404, "second_factor_not_found")
    prepared.everybody_enrolled(world)
    assert_envelope(renew(world, prepared.CODE), 404, "second_factor_not_found")
