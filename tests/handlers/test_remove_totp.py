"""DELETE /api/users/{user_id}/totp: for users who have lost authenticator and recovery codes."""

from typing import Any

import pytest
from roster.auth.caller import Caller
from roster.users.repository import NewValues

from tests.builders import a_caller, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers import prepared
from tests.handlers.world import ADA, ADMIN, STRANGER, World


def remove(world: World, caller: Caller, user_id: object = 1) -> dict[str, Any]:
    return world.call("remove_totp", an_event("DELETE", f"/api/users/{user_id}/totp", caller))


@pytest.mark.parametrize("prepare", [prepared.everybody_enrolled, prepared.everybody_confirmed])
def test_an_admin_removes_it_confirmed_or_not(prepare: Any, world: World) -> None:
    prepare(world)
    assert assert_answer(remove(world, ADMIN), 204) is None
    assert world.tables.rows[1].factor is None
    assert_envelope(remove(world, ADMIN), 404, "second_factor_not_found")


def test_an_admin_is_told_that_there_is_none(world: World) -> None:
    for user_id in (1, 999):
        assert_envelope(remove(world, ADMIN, user_id), 404, "second_factor_not_found")


@pytest.mark.parametrize("caller", [ADA, STRANGER])
@pytest.mark.parametrize("user_id", [1, "me", 999])
def test_nobody_else_does(user_id: object, caller: Caller, world: World) -> None:
    prepared.everybody_confirmed(world)
    assert_envelope(remove(world, caller, user_id), 403, "not_allowed")
    assert world.tables.rows[1].factor


def test_no_admin_does_without_a_code_what_concerns_themself(world: World) -> None:
    prepared.everybody_confirmed(world)
    world.users.change(1, NewValues(role="admin"))
    for user_id in (1, "me"):
        assert_envelope(remove(world, a_caller(user_id=1, role="admin"), user_id), 403, "not_allowed")
