"""POST /api/auth/password-reset/confirm: a new password, once, for whom the link was sent to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from roster.auth import address, passwords
from roster.users.repository import NewValues

from tests.builders import PASSWORD, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers import prepared
from tests.handlers.mail import post
from tests.handlers.world import A_RESET_TOKEN, A_VERIFICATION_TOKEN, ADA, World

NEW = "another lighthouse"
BAD_TOKENS = [
    "",
    "x",
    "x" * 43,
    "r" * 42,
    "r" * 44,
    "r" * 43 + "\n",
    "r" * 43 + "=",
    "ｒ" * 43,
    "%72" * 43,
    "r" * 100_000,
]


def confirm(world: World, token: object = A_RESET_TOKEN, password: object = NEW) -> dict[str, Any]:
    body = {"token": token, "new_password": password}
    return post(world, "confirm_password_reset", "/api/auth/password-reset/confirm", body)


def log_in(world: World, password: str) -> int:
    body = {"email": "ada@example.com", "password": password}
    return int(world.call("log_in", an_event("POST", "/api/auth/login", body=body))["statusCode"])


def test_the_new_password_is_the_only_one(world: World) -> None:
    assert assert_answer(confirm(world), 204) is None
    assert [log_in(world, password) for password in (PASSWORD, NEW)] == [401, 200]


def test_all_sessions_end(world: World) -> None:
    event = an_event("GET", "/api/users/me", ADA)
    assert_answer(world.call("get_user", event), 200)
    confirm(world)
    assert_envelope(world.call("get_user", event), 401, "invalid_token")
    assert world.tables.sessions == {}


def test_the_address_is_verified_and_the_cache_knows(world: World) -> None:
    world.call("get_user", an_event("GET", "/api/users/1", ADA))
    confirm(world)
    world.log_in(1)
    user = assert_answer(world.call("get_user", an_event("GET", "/api/users/1", ADA)), 200)
    assert user["email_verified"] is True


def test_a_link_works_once(world: World) -> None:
    assert_answer(confirm(world), 204)
    assert_envelope(confirm(world, password="a third lighthouse"), 400, "invalid_link")
    assert log_in(world, NEW) == 200


@pytest.mark.parametrize("token", BAD_TOKENS)
def test_what_is_no_token_of_ours_is_refused(token: str, world: World) -> None:
    assert_envelope(confirm(world, token), 400, "invalid_link")


def expire(world: World) -> None:
    world.mail_tables.passed += timedelta(hours=2)


SPOILED: dict[str, Callable[[World], object]] = {
    "expired": expire,
    "disabled": lambda world: world.users.change(1, NewValues(status="disabled")),
    "erased": lambda world: world.users.remove(1),
    "address changed": lambda world: world.users.change(1, NewValues(address=address.parse("augusta@example.com"))),
    "used": confirm,
}


@pytest.mark.parametrize("how", SPOILED)
def test_every_bad_link_has_one_answer_and_costs_no_hash(
    how: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_made = confirm(world, "n" * 43)
    SPOILED[how](world)
    monkeypatch.setattr(passwords, "_HASHER", None)
    spoiled = confirm(world, password="a third lighthouse")
    assert_envelope(spoiled, 400, "invalid_link")
    assert spoiled["headers"] == never_made["headers"]
    assert len(spoiled["body"]) == len(never_made["body"])


def test_a_link_that_verifies_an_address_sets_no_password(world: World) -> None:
    assert_envelope(confirm(world, A_VERIFICATION_TOKEN), 400, "invalid_link")


@pytest.mark.parametrize("password", ["", "short", "x" * 257, "passwordpassword", "abcabcabcabcabc"])
def test_the_rules_for_passwords_hold_here_too_and_the_link_stays_good(password: str, world: World) -> None:
    assert_envelope(confirm(world, password=password), 422, "invalid_input", "body.new_password")
    assert_answer(confirm(world), 204)


@pytest.mark.parametrize(("has_second_factor", "fewest"), [(True, 8), (False, 15)])
def test_a_second_factor_lets_passwords_be_shorter_if_settings_say_so(
    has_second_factor: bool, fewest: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_LENGTH_MIN_WITH_SECOND_FACTOR", "8")
    (prepared.everybody_confirmed if has_second_factor else prepared.everybody_enrolled)(world)
    password = "vq3 lighthouses"
    error = assert_envelope(confirm(world, password=password[: fewest - 1]), 422, "invalid_input", "body.new_password")
    assert error["details"][0]["message"] == f"Use at least {fewest} characters."
    assert_answer(confirm(world, password=password[:fewest]), 204)


def test_a_reset_password_leaves_the_second_factor_where_it_is(world: World) -> None:
    prepared.everybody_confirmed(world)
    assert_answer(confirm(world), 204)
    login = an_event("POST", "/api/auth/login", body={"email": "ada@example.com", "password": NEW})
    assert assert_answer(world.call("log_in", login), 200).keys() == {"second_factor"}


@pytest.mark.parametrize("password", ["ADA@example.com", "Ada  Lovelace" + " " * 8])
def test_the_own_name_and_address_are_no_passwords_and_the_link_stays_good(password: str, world: World) -> None:
    assert_envelope(confirm(world, password=password), 422, "invalid_input", "body.new_password")
    assert_answer(confirm(world), 204)


def test_the_own_name_is_told_only_to_who_holds_the_token(world: World) -> None:
    assert_envelope(confirm(world, "n" * 43, "ADA@example.com"), 400, "invalid_link")


def test_the_token_is_in_no_log(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    confirm(world)
    confirm(world)
    assert A_RESET_TOKEN not in capsys.readouterr().out
