"""PUT /api/users/{user_id}/password: the caller's own password."""

from typing import Any

import pytest
from roster.auth import passwords
from roster.auth.caller import Caller
from roster.users.repository import NewValues

from tests.builders import PASSWORD, a_caller, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers import prepared
from tests.handlers.world import ADA, ADMIN, World

NEW = "another lighthouse"


def change(world: World, caller: Caller = ADA, user_id: object = 1, **changes: Any) -> dict[str, Any]:
    body = {"current_password": PASSWORD, "new_password": NEW} | changes
    return world.call("change_password", an_event("PUT", f"/api/users/{user_id}/password", caller, body))


def log_in(world: World, password: str) -> dict[str, Any]:
    body = {"email": "ada@example.com", "password": password}
    return world.call("log_in", an_event("POST", "/api/auth/login", body=body))


def test_the_new_password_is_the_only_one(world: World) -> None:
    assert assert_answer(change(world), 204) is None
    assert_answer(log_in(world, NEW), 200)
    assert_envelope(log_in(world, PASSWORD), 401, "wrong_credentials")


@pytest.mark.parametrize("current", ["", "s3cret", PASSWORD + " ", NEW])
def test_a_wrong_current_password_is_refused_and_not_echoed(current: str, world: World) -> None:
    response = change(world, current_password=current)
    error = assert_envelope(response, 422, "invalid_input", "body.current_password")
    assert error["details"][0]["code"] == "wrong_password"
    assert "s3cret" not in response["body"]
    assert_answer(log_in(world, PASSWORD), 200)


@pytest.mark.parametrize("new", ["", "s3cret", "x" * 14, "x" * 257])
def test_a_new_password_out_of_bounds_is_refused_and_not_echoed(new: str, world: World) -> None:
    response = change(world, new_password=new)
    assert_envelope(response, 422, "invalid_input", "body.new_password")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("new", ["30SecondsToMars", "123456789012345", "ADA@example.com", " ada @ example.com "])
def test_a_new_password_that_is_easy_to_guess_is_refused_and_not_echoed(new: str, world: World) -> None:
    response = change(world, new_password=new)
    error = assert_envelope(response, 422, "invalid_input", "body.new_password")
    assert error["details"][0]["code"] == "too_common"
    assert new not in response["body"]
    assert_answer(log_in(world, PASSWORD), 200)


@pytest.mark.parametrize(
    ("configured", "has_second_factor", "fewest"),
    [("64", True, 15), ("8", True, 8), ("8", False, 15), ("20", True, 15)],
)
def test_a_second_factor_lets_passwords_be_shorter_if_settings_say_so(
    configured: str, has_second_factor: bool, fewest: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_LENGTH_MIN_WITH_SECOND_FACTOR", configured)
    (prepared.everybody_confirmed if has_second_factor else prepared.everybody_enrolled)(world)
    new = "vq3 lighthouses, or more"
    error = assert_envelope(change(world, new_password=new[: fewest - 1]), 422, "invalid_input", "body.new_password")
    assert (error["details"][0]["code"], error["details"][0]["message"]) == (
        "too_short",
        f"Use at least {fewest} characters.",
    )
    assert_answer(change(world, new_password=new[:fewest]), 204)


def test_nobody_registers_with_a_password_that_is_short_without_a_second_factor(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_LENGTH_MIN_WITH_SECOND_FACTOR", "8")
    body = {"email": "bob@example.com", "name": "Bob", "password": "vq3 lighthouse"}
    assert_envelope(world.call("create_user", an_event("POST", "/api/users", body=body)), 422, "invalid_input")


def test_ones_own_name_is_no_new_password(world: World) -> None:
    world.users.change(1, NewValues(name="Augusta Ada King"))
    response = change(world, new_password="augusta ada king")
    assert assert_envelope(response, 422, "invalid_input", "body.new_password")["details"][0]["code"] == "too_common"


def test_an_admin_changes_nobody_elses_password(world: World) -> None:
    for user_id in (1, 999):
        assert_envelope(change(world, ADMIN, user_id), 403, "not_allowed")


def test_a_token_that_outlived_its_user_changes_nothing(world: World) -> None:
    assert_envelope(change(world, a_caller(user_id=999), 999), 401, "invalid_token")


def test_of_two_changes_at_once_one_is_a_conflict(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def hashed_meanwhile(password: str) -> str:
        world.tables.rows[1].password_hash = "changed by another request"
        return "a hash"

    monkeypatch.setattr(passwords, "hashed", hashed_meanwhile)
    assert_envelope(change(world), 409, "password_changed_meanwhile")


def test_the_password_is_kept_as_a_hash(world: World) -> None:
    change(world)
    assert world.tables.rows[1].password_hash.startswith("$argon2id$")
