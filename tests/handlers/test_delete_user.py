"""DELETE /api/users/{user_id}: erasing a user, for themself or an admin."""

from typing import Any

import pytest
from roster.auth.caller import Caller

from tests.builders import PASSWORD, a_new_user, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, World


def delete(world: World, caller: Caller = ADA, if_match: str | None = None, user_id: object = 1) -> dict[str, Any]:
    headers = {} if if_match is None else {"If-Match": if_match}
    return world.call("delete_user", an_event("DELETE", f"/api/users/{user_id}", caller, headers=headers))


@pytest.mark.parametrize("caller", [ADA, ADMIN])
@pytest.mark.parametrize("if_match", [None, "*", '"1-1"'])
def test_a_user_is_erased_without_a_word(if_match: str | None, caller: Caller, world: World) -> None:
    assert assert_answer(delete(world, caller, if_match), 204) is None
    assert world.tables.rows == {}


def test_an_erased_user_is_gone_from_the_cache_the_list_and_the_login(world: World) -> None:
    world.call("get_user", an_event(caller=ADA))
    delete(world)
    assert_envelope(world.call("get_user", an_event(caller=ADMIN)), 404, "user_not_found")
    assert_envelope(world.call("get_user", an_event(caller=ADA)), 401, "invalid_token")
    listed = world.call("list_users", an_event(path="/api/users", caller=ADMIN))
    assert assert_answer(listed, 200)["items"] == []
    body = {"email": "ada@example.com", "password": PASSWORD}
    assert_envelope(world.call("log_in", an_event("POST", "/api/auth/login", body=body)), 401, "wrong_credentials")


def test_erasing_again_is_a_missing_user_to_an_admin_and_401_to_the_user(world: World) -> None:
    delete(world)
    assert_envelope(delete(world, ADMIN), 404, "user_not_found")
    assert_envelope(delete(world, ADA), 401, "invalid_token")


@pytest.mark.parametrize("if_match", ['"1-2"', 'W/"1-1"', '"2-1"', '""'])
def test_another_version_is_stale_and_stays(if_match: str, world: World) -> None:
    assert_envelope(delete(world, if_match=if_match), 412, "stale_version")
    assert world.users.find(1) == world.ada


def test_a_malformed_condition_is_refused(world: World) -> None:
    assert_envelope(delete(world, if_match="1-1"), 400, "malformed_condition")
    assert world.users.find(1) == world.ada


def test_a_body_is_not_looked_at(world: World) -> None:
    response = world.call("delete_user", an_event("DELETE", "/api/users/1", ADA, "{not json"))
    assert_answer(response, 204)


def test_the_last_admin_stays(world: World) -> None:
    admin = world.users.add(a_new_user("grace@example.com", role="admin"))
    assert_envelope(delete(world, ADMIN, user_id=admin.id), 409, "last_admin")
    assert world.users.find(admin.id) == admin
