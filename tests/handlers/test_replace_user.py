"""PUT /api/users/{user_id}: all editable fields, for themself or an admin."""

from typing import Any

import pytest
from roster.auth.caller import Caller

from tests.builders import a_new_user, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, USER_FIELDS, World

KING = {"email": "king@example.com", "name": "Ada King"}


def put(
    world: World, body: object, caller: Caller = ADA, if_match: str | None = None, user_id: object = 1
) -> dict[str, Any]:
    headers = {} if if_match is None else {"If-Match": if_match}
    return world.call("replace_user", an_event("PUT", f"/api/users/{user_id}", caller, body, headers))


@pytest.mark.parametrize("caller", [ADA, ADMIN])
def test_the_editable_fields_are_replaced_and_no_other(caller: Caller, world: World) -> None:
    before = assert_answer(world.call("get_user", an_event(caller=ADA)), 200)
    response = put(world, KING, caller)
    after = assert_answer(response, 200)
    assert after.keys() == USER_FIELDS
    assert after == before | KING | {"updated_at": after["updated_at"]}
    assert response["headers"]["ETag"] == '"1-2"'


@pytest.mark.parametrize("missing", KING)
def test_every_editable_field_is_required(missing: str, world: World) -> None:
    body = {name: value for name, value in KING.items() if name != missing}
    assert_envelope(put(world, body), 422, "invalid_input", f"body.{missing}")


def test_an_admin_sets_role_and_status_and_may_leave_them_out(world: World) -> None:
    changed = assert_answer(put(world, KING | {"role": "admin", "status": "disabled"}, ADMIN), 200)
    assert (changed["role"], changed["status"]) == ("admin", "disabled")
    left = assert_answer(put(world, KING, ADMIN), 200)
    assert (left["role"], left["status"]) == ("admin", "disabled")


@pytest.mark.parametrize("more", [{"role": "admin"}, {"status": "active"}, {"role": "user", "status": "active"}])
def test_nobody_else_sets_them(more: dict[str, str], world: World) -> None:
    assert_envelope(put(world, KING | more), 422, "invalid_input", *(f"body.{name}" for name in more))
    assert world.users.find(1) == world.ada


def test_a_taken_address_is_a_conflict(world: World) -> None:
    world.add("bob@example.com")
    assert_envelope(put(world, KING | {"email": "BOB@example.com"}), 409, "email_taken")


@pytest.mark.parametrize("email", ["king", "", "king@", "s3cret@"])
def test_what_is_no_address_is_refused(email: str, world: World) -> None:
    response = put(world, KING | {"email": email})
    assert_envelope(response, 422, "invalid_input", "body.email")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("if_match", ["*", '"1-1"'])
def test_the_named_version_is_replaced(if_match: str, world: World) -> None:
    assert_answer(put(world, KING, if_match=if_match), 200)


@pytest.mark.parametrize("if_match", ['"1-2"', 'W/"1-1"', '"2-1"'])
def test_another_version_is_stale(if_match: str, world: World) -> None:
    assert_envelope(put(world, KING, if_match=if_match), 412, "stale_version")
    assert world.users.find(1) == world.ada


def test_a_malformed_condition_is_refused(world: World) -> None:
    assert_envelope(put(world, KING, if_match="1-1"), 400, "malformed_condition")


def test_an_admin_is_told_that_a_user_is_missing(world: World) -> None:
    assert_envelope(put(world, KING, ADMIN, user_id=999), 404, "user_not_found")


@pytest.mark.parametrize("fields", [{"role": "user"}, {"status": "disabled"}])
def test_the_last_admin_stays(fields: dict[str, str], world: World) -> None:
    admin = world.users.add(a_new_user("grace@example.com", role="admin"))
    assert_envelope(put(world, KING | fields, ADMIN, user_id=admin.id), 409, "last_admin")
    assert world.users.find(admin.id) == admin
