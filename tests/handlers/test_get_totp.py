"""GET /api/auth/totp: whether the caller's logins ask for a code."""

from typing import Any

from tests.builders import an_event
from tests.envelope import assert_answer
from tests.handlers import prepared
from tests.handlers.world import ADA, World


def shown(world: World) -> Any:
    return assert_answer(world.call("get_totp", an_event("GET", "/api/auth/totp", ADA)), 200)


def test_a_second_factor_counts_once_it_is_confirmed(world: World) -> None:
    nothing = {"enabled": False, "confirmed_at": None, "recovery_codes_left": 0}
    assert shown(world) == nothing
    prepared.everybody_enrolled(world)
    assert shown(world) == nothing
    prepared.everybody_confirmed(world)
    factor = shown(world)
    assert (factor["enabled"], factor["recovery_codes_left"]) == (True, 1)
    assert factor["confirmed_at"].endswith("Z")
