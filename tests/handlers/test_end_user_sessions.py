"""DELETE /api/users/{user_id}/sessions: ending all of a user's sessions, for themself or an admin."""

from typing import Any

import pytest
from roster.auth.caller import Caller

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, World


def ended(world: World, caller: Caller, user_id: object = 1) -> dict[str, Any]:
    return world.call("end_user_sessions", an_event("DELETE", f"/api/users/{user_id}/sessions", caller))


@pytest.mark.parametrize("caller", [ADA, ADMIN])
def test_the_next_request_of_that_user_is_refused(caller: Caller, world: World) -> None:
    assert assert_answer(ended(world, caller), 204) is None
    assert_envelope(world.call("get_user", an_event(caller=ADA)), 401, "invalid_token")


def test_everybody_elses_sessions_live_on(world: World) -> None:
    other = world.add("bob@example.com")
    ended(world, ADMIN)
    assert [row.user_id for row in world.tables.sessions.values()] == [other.id]


def test_an_admin_may_end_them_again(world: World) -> None:
    ended(world, ADMIN)
    assert_answer(ended(world, ADMIN), 204)


def test_a_missing_user_is_missing_to_an_admin(world: World) -> None:
    assert_envelope(ended(world, ADMIN, 999), 404, "user_not_found")


def test_it_is_recorded_who_ended_what(world: World) -> None:
    world.tables.events.clear()
    ended(world, ADMIN)
    assert [(event.action, event.actor_id, event.subject_id) for event in world.tables.events] == [
        ("session.ended", ADMIN.user_id, 1)
    ]
