"""POST /api/auth/logout: ends this session, or all of the caller's."""

from typing import Any

import pytest

from tests import forge
from tests.builders import PASSWORD, a_caller, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, World


def log_out(world: World, body: object = None) -> dict[str, Any]:
    return world.call("log_out", an_event("POST", "/api/auth/logout", ADA, body))


def another_login(world: World) -> Any:
    body = {"email": "ada@example.com", "password": PASSWORD}
    answer = assert_answer(world.call("log_in", an_event("POST", "/api/auth/login", body=body)), 200)
    return forge.verify(answer["access_token"])


def status_of(world: World, caller: Any) -> int:
    return int(world.call("get_user", an_event(path=f"/api/users/{caller.user_id}", caller=caller))["statusCode"])


@pytest.mark.parametrize("body", [None, "", {}, {"everywhere": False}])
def test_a_logout_ends_this_session_at_once_and_no_other(body: object, world: World) -> None:
    other = another_login(world)
    assert assert_answer(log_out(world, body), 204) is None
    assert (status_of(world, ADA), status_of(world, other)) == (401, 200)


def test_a_logout_everywhere_ends_all_of_the_callers_sessions(world: World) -> None:
    other, bob = another_login(world), world.add("bob@example.com")
    assert_answer(log_out(world, {"everywhere": True}), 204)
    assert (status_of(world, ADA), status_of(world, other)) == (401, 401)
    assert {row.user_id for row in world.tables.sessions.values()} == {bob.id}
    assert status_of(world, a_caller(bob.id)) == 200


def test_who_is_logged_out_cannot_log_out_again(world: World) -> None:
    log_out(world)
    assert_envelope(log_out(world), 401, "invalid_token")
