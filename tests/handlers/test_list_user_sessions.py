"""GET /api/users/{user_id}/sessions: a user's sessions, for themself or an admin."""

from typing import Any

import pytest
from roster.auth.caller import Caller

from tests.builders import a_session_id, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, World

PATH = "/api/users/{}/sessions"


def listed(world: World, caller: Caller, user_id: object = 1) -> dict[str, Any]:
    return world.call("list_user_sessions", an_event("GET", PATH.format(user_id), caller))


@pytest.mark.parametrize(("caller", "is_current"), [(ADA, True), (ADMIN, False)])
def test_the_sessions_are_shown_and_which_one_asks(caller: Caller, is_current: bool, world: World) -> None:
    page = assert_answer(listed(world, caller), 200)
    assert page["next_cursor"] is None
    (session,) = page["items"]
    assert (session["id"], session["current"]) == (a_session_id(1), is_current)


def test_only_that_users_sessions_are_shown(world: World) -> None:
    other = world.add("bob@example.com")
    assert [item["id"] for item in assert_answer(listed(world, ADMIN, other.id), 200)["items"]] == [a_session_id(2)]


def test_a_user_who_is_logged_in_nowhere_has_an_empty_list(world: World) -> None:
    world.tables.end_sessions(1)
    assert assert_answer(listed(world, ADMIN), 200)["items"] == []


def test_a_missing_user_is_missing_to_an_admin(world: World) -> None:
    assert_envelope(listed(world, ADMIN, 999), 404, "user_not_found")


def test_no_secret_of_a_session_is_shown(world: World) -> None:
    (session,) = assert_answer(listed(world, ADMIN), 200)["items"]
    fields = {"id", "created_at", "refreshed_at", "idle_until", "expires_at", "source_ip", "user_agent", "current"}
    assert session.keys() == fields


def test_head_answers_as_get_without_the_body(world: World) -> None:
    event = an_event("HEAD", PATH.format(1), ADMIN)
    assert world.call("list_user_sessions", event) == listed(world, ADMIN) | {"body": ""}
