"""PATCH /api/users/{user_id}: some fields, for themself or an admin."""

from dataclasses import replace
from typing import Any

import pytest
from roster.auth.caller import Caller

from tests.builders import a_new_user, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, USER_FIELDS, World


def patch(
    world: World, body: object, caller: Caller = ADA, if_match: str | None = None, user_id: object = 1
) -> dict[str, Any]:
    headers = {} if if_match is None else {"If-Match": if_match}
    return world.call("change_user", an_event("PATCH", f"/api/users/{user_id}", caller, body, headers))


@pytest.mark.parametrize("caller", [ADA, ADMIN])
@pytest.mark.parametrize(
    "body", [{"name": "Ada King"}, {"email": "king@example.com"}, {"name": "A", "email": "ADA@example.com"}]
)
def test_only_the_named_fields_change(body: dict[str, str], caller: Caller, world: World) -> None:
    before = assert_answer(world.call("get_user", an_event(caller=ADA)), 200)
    response = patch(world, body, caller)
    after = assert_answer(response, 200)
    assert after.keys() == USER_FIELDS
    assert after == before | body | {"updated_at": after["updated_at"]}
    assert response["headers"]["ETag"] == '"1-2"'


@pytest.mark.parametrize("if_match", [None, "*", '"1-1"'])
def test_naming_nothing_changes_nothing(if_match: str | None, world: World) -> None:
    response = patch(world, {}, if_match=if_match)
    assert assert_answer(response, 200)["name"] == "Ada Lovelace"
    assert response["headers"]["ETag"] == '"1-1"'


@pytest.mark.parametrize("name", ["email", "name", "role", "status"])
def test_no_field_can_be_removed(name: str, world: World) -> None:
    assert_envelope(patch(world, {name: None}, ADMIN), 422, "invalid_input", f"body.{name}")


@pytest.mark.parametrize("body", [{"role": "admin"}, {"role": "user"}, {"status": "disabled"}])
def test_role_and_status_are_for_admins_to_set(body: dict[str, str], world: World) -> None:
    name, value = next(iter(body.items()))
    assert_envelope(patch(world, body), 422, "invalid_input", f"body.{name}")
    assert world.users.find(1) == world.ada
    assert assert_answer(patch(world, body, ADMIN), 200)[name] == value


def test_a_forbidden_field_spoils_the_allowed_ones(world: World) -> None:
    patch(world, {"name": "Ada King", "role": "admin"})
    assert world.users.find(1) == world.ada


@pytest.mark.parametrize("value", ["root", "Admin", "", "user "])
def test_an_unknown_role_is_refused_and_not_echoed(value: str, world: World) -> None:
    for name in ("role", "status"):
        assert_envelope(patch(world, {name: value}, ADMIN), 422, "invalid_input", f"body.{name}")


def test_a_taken_address_is_a_conflict(world: World) -> None:
    world.add("bob@example.com")
    assert_envelope(patch(world, {"email": "BOB@example.com"}), 409, "email_taken")


def test_ones_own_address_can_be_spelt_anew_and_stays_verified(world: World) -> None:
    row = world.tables.rows[1]
    row.user = replace(row.user, email_verified=True)
    assert assert_answer(patch(world, {"email": "ADA@Example.com"}), 200)["email_verified"] is True
    assert assert_answer(patch(world, {"email": "king@example.com"}), 200)["email_verified"] is False


@pytest.mark.parametrize("if_match", ["*", '"1-1"', '"x", "1-1"', '"1-7","1-1"'])
def test_the_named_version_is_changed(if_match: str, world: World) -> None:
    assert_answer(patch(world, {"name": "Ada King"}, if_match=if_match), 200)


@pytest.mark.parametrize("if_match", ['"1-2"', '"2-1"', 'W/"1-1"', '""', '"1"', '"1-' + "9" * 40 + '"'])
@pytest.mark.parametrize("body", [{"name": "Ada King"}, {}])
def test_another_version_is_stale(if_match: str, body: dict[str, str], world: World) -> None:
    assert_envelope(patch(world, body, if_match=if_match), 412, "stale_version")
    assert world.users.find(1) == world.ada


@pytest.mark.parametrize("if_match", ["1-1", "", '"1-1', "**"])
def test_a_malformed_condition_is_refused(if_match: str, world: World) -> None:
    assert_envelope(patch(world, {"name": "Ada King"}, if_match=if_match), 400, "malformed_condition")
    assert world.users.find(1) == world.ada


def test_of_two_writers_with_one_version_one_wins(world: World) -> None:
    statuses = [patch(world, {"name": name}, if_match='"1-1"')["statusCode"] for name in ("One", "Two")]
    assert statuses == [200, 412]
    assert world.tables.rows[1].user.name == "One"


@pytest.mark.parametrize("body", [{"name": "Ada King"}, {}])
def test_an_admin_is_told_that_a_user_is_missing(body: dict[str, str], world: World) -> None:
    assert_envelope(patch(world, body, ADMIN, user_id=999), 404, "user_not_found")


def test_the_next_look_sees_the_change_even_if_the_cache_knew_better(world: World) -> None:
    world.call("get_user", an_event(caller=ADA))
    patch(world, {"name": "Ada King"})
    assert assert_answer(world.call("get_user", an_event(caller=ADA)), 200)["name"] == "Ada King"


@pytest.mark.parametrize("body", [{"role": "user"}, {"status": "disabled"}])
def test_the_last_admin_stays(body: dict[str, str], world: World) -> None:
    admin = world.users.add(a_new_user("grace@example.com", role="admin"))
    assert_envelope(patch(world, body, ADMIN, user_id=admin.id), 409, "last_admin")
    assert world.users.find(admin.id) == admin
