"""POST /api/auth/verify-email/confirm: a verified address, or a user who waited for that."""

from datetime import timedelta
from typing import Any

import pytest
from roster.auth import address
from roster.users.repository import NewValues

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.mail import last_token, post, send
from tests.handlers.test_confirm_password_reset import BAD_TOKENS
from tests.handlers.world import A_RESET_TOKEN, A_VERIFICATION_TOKEN, ADA, World

BOB = {"email": "Bob@Example.com", "name": "Bob", "password": "a harbour at midnight"}


def confirm(world: World, token: object = A_VERIFICATION_TOKEN) -> dict[str, Any]:
    return post(world, "confirm_email", "/api/auth/verify-email/confirm", {"token": token})


def me(world: World) -> dict[str, Any]:
    return world.call("get_user", an_event("GET", "/api/users/me", ADA))


@pytest.fixture
def verified(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("REGISTRATION", "verified")
    return world


def test_the_address_is_verified_and_the_cache_knows(world: World) -> None:
    before = me(world)
    assert assert_answer(before, 200)["email_verified"] is False
    assert assert_answer(confirm(world), 204) is None
    after = me(world)
    assert assert_answer(after, 200)["email_verified"] is True
    assert after["headers"]["ETag"] != before["headers"]["ETag"]


def test_a_link_works_once(world: World) -> None:
    confirm(world)
    assert_envelope(confirm(world), 400, "invalid_link")


@pytest.mark.parametrize("token", [*BAD_TOKENS, A_RESET_TOKEN])
def test_what_is_no_token_for_this_is_refused(token: str, world: World) -> None:
    assert_envelope(confirm(world, token), 400, "invalid_link")


def test_an_address_that_was_changed_is_not_verified_by_an_older_link(world: World) -> None:
    world.users.change(1, NewValues(address=address.parse("augusta@example.com")))
    assert_envelope(confirm(world), 400, "invalid_link")
    assert not world.tables.rows[1].user.email_verified


def test_a_link_expires(world: World) -> None:
    world.mail_tables.passed += timedelta(hours=2)
    assert_envelope(confirm(world), 400, "invalid_link")


def test_a_registration_is_completed_by_its_link(verified: World) -> None:
    assert_answer(post(verified, "create_user", "/api/users", BOB), 202)
    assert list(verified.tables.rows) == [1]
    assert send(verified) == 1
    assert_answer(confirm(verified, last_token(verified)), 204)
    user = verified.tables.rows[2].user
    assert (user.email, user.name, user.email_verified) == ("Bob@Example.com", "Bob", True)
    body = {"email": BOB["email"], "password": BOB["password"]}
    assert_answer(post(verified, "log_in", "/api/auth/login", body), 200)


def test_nobody_logs_in_before_that(verified: World) -> None:
    post(verified, "create_user", "/api/users", BOB)
    body = {"email": BOB["email"], "password": BOB["password"]}
    assert_envelope(post(verified, "log_in", "/api/auth/login", body), 401, "wrong_credentials")


def test_the_owner_of_a_taken_address_is_told_and_nobody_else_is(verified: World) -> None:
    free = post(verified, "create_user", "/api/users", BOB)
    taken = post(verified, "create_user", "/api/users", BOB | {"email": "ADA@example.com"})
    assert free == taken
    assert send(verified) == 2
    told = {message.to: message.subject for message, _, _ in verified.mailer.sent}
    assert told == {
        "Bob@example.com": "Confirm your registration with Roster",
        "ada@example.com": "You already have a Roster account",
    }
