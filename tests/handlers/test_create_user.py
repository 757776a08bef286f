"""POST /api/users: registering, and adding users where that is closed."""

from typing import Any

import pytest
from roster.auth import passwords, tokens
from roster.auth.caller import Caller
from roster.infrastructure import keys

from tests import forge
from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, USER_FIELDS, World

BOB = {"email": "Bob@Example.com", "name": " Bob ", "password": "a harbour at midnight"}


def register(world: World, authorization: str | None = None, **changes: Any) -> dict[str, Any]:
    headers = {} if authorization is None else {"Authorization": authorization}
    return world.call("create_user", an_event("POST", "/api/users", body=BOB | changes, headers=headers))


def bearer(caller: Caller) -> str:
    token = tokens.issue(caller, key=forge.SIGNING_KEY, issuer=forge.ISSUER, life_seconds=60)
    return f"Bearer {token}"


@pytest.fixture
def closed(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("REGISTRATION", "closed")
    return world


def test_a_new_user_is_answered_with_their_place(world: World) -> None:
    response = register(world)
    user = assert_answer(response, 201)
    assert user.keys() == USER_FIELDS
    assert (user["id"], user["email"], user["name"]) == (2, "Bob@Example.com", "Bob")
    assert (user["role"], user["status"], user["email_verified"]) == ("user", "active", False)
    assert response["headers"]["Location"] == "/dev/api/users/2"
    assert response["headers"]["ETag"] == '"2-1"'


def test_the_password_is_kept_as_a_hash_and_not_told(world: World) -> None:
    response = register(world)
    assert passwords.matches(BOB["password"], world.tables.rows[2].password_hash)
    assert "harbour" not in str(response) + world.tables.rows[2].password_hash


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM", "  ada@example.com", "ａｄａ@example.com"])
def test_a_taken_address_is_a_conflict(email: str, world: World) -> None:
    response = register(world, email=email)
    assert_envelope(response, 409, "email_taken")
    assert "ada" not in response["body"].lower()
    assert list(world.tables.rows) == [1]


def test_the_address_of_an_erased_user_is_free_and_their_id_is_not(world: World) -> None:
    world.users.remove(1)
    assert assert_answer(register(world, email="ada@example.com"), 201)["id"] == 2


@pytest.mark.parametrize(
    "email", ["", "bob", "bob@", "@example.com", "bob@example", "a b@example.com", "x" * 255 + "@a.co"]
)
def test_what_is_no_address_is_refused(email: str, world: World) -> None:
    assert_envelope(register(world, email=email), 422, "invalid_input", "body.email")


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "a\nb", "x" * 201])
def test_what_is_no_name_is_refused(name: str, world: World) -> None:
    assert_envelope(register(world, name=name), 422, "invalid_input", "body.name")


@pytest.mark.parametrize("password", ["", "s3cret", "x" * 14, "x" * 257, "e\u0301" * 14])
def test_a_password_out_of_bounds_is_refused_and_not_echoed(password: str, world: World) -> None:
    response = register(world, password=password)
    assert_envelope(response, 422, "invalid_input", "body.password")
    assert "s3cret" not in response["body"]
    assert list(world.tables.rows) == [1]


@pytest.mark.parametrize("password", ["30SecondsToMars", "abcabcabcabcabc", "QWERTYUIOPASDFG", "bob@example.com"])
def test_a_password_that_is_easy_to_guess_is_refused_and_not_echoed(password: str, world: World) -> None:
    response = register(world, password=password)
    error = assert_envelope(response, 422, "invalid_input", "body.password")
    assert error["details"][0]["code"] == "too_common"
    assert password not in response["body"]
    assert list(world.tables.rows) == [1]


@pytest.mark.parametrize("password", ["Robert Tables, Jr.", "roberttables,jr."])
def test_ones_own_name_is_no_password(password: str, world: World) -> None:
    response = register(world, name=" Robert Tables, Jr. ", password=password)
    assert assert_envelope(response, 422, "invalid_input", "body.password")["details"][0]["code"] == "too_common"
    assert register(world, name="Robert", password=password)["statusCode"] == 201


def test_where_it_is_closed_nobody_learns_what_is_wrong_with_a_password_of_ones_own(closed: World) -> None:
    assert_envelope(register(closed, name="Robert Tables, Jr.", password="Robert Tables, Jr."), 403, "not_allowed")


@pytest.mark.parametrize(("least", "status"), [("8", 201), ("9", 422)])
def test_how_short_a_password_may_be_is_configured(
    least: str, status: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_LENGTH_MIN", least)
    assert register(world, password="hvqzt 7k")["statusCode"] == status


@pytest.mark.parametrize("missing", BOB)
def test_every_field_is_required(missing: str, world: World) -> None:
    body = {name: value for name, value in BOB.items() if name != missing}
    response = world.call("create_user", an_event("POST", "/api/users", body=body))
    assert_envelope(response, 422, "invalid_input", f"body.{missing}")


@pytest.mark.parametrize("field", ["role", "status"])
@pytest.mark.parametrize("caller", [None, ADA, ADMIN])
def test_nobody_registers_as_anything_but_an_active_user(field: str, caller: Caller | None, world: World) -> None:
    response = register(world, caller and bearer(caller), **{field: "admin"})
    assert_envelope(response, 422, "invalid_input", f"body.{field}")


def test_every_wrong_field_is_named(world: World) -> None:
    response = register(world, email="bob", name="", password="", role="admin")
    assert_envelope(response, 422, "invalid_input", "body.email", "body.name", "body.password", "body.role")


@pytest.mark.parametrize("caller", [None, ADA])
def test_where_it_is_closed_others_are_refused_alike_for_any_address(caller: Caller | None, closed: World) -> None:
    for email in ("ada@example.com", "bob@example.com"):
        assert_envelope(register(closed, caller and bearer(caller), email=email), 403, "not_allowed")
    assert list(closed.tables.rows) == [1]


def test_where_it_is_closed_an_admin_adds_users(closed: World) -> None:
    assert assert_answer(register(closed, bearer(ADMIN)), 201)["role"] == "user"


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Bearer " + "x" * 5000], ids=len
)
@pytest.mark.parametrize("is_closed", [True, False])
def test_a_bad_token_is_refused_though_none_is_needed(
    authorization: str, is_closed: bool, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRATION", "closed" if is_closed else "open")
    assert_envelope(register(world, authorization), 401, "invalid_token")


def test_an_admins_token_by_another_key_opens_nothing(closed: World) -> None:
    key = keys.read_signing_key(keys.generate().private)._replace(key_id=forge.SIGNING_KEY.key_id)
    token = tokens.issue(ADMIN, key=key, issuer=forge.ISSUER, life_seconds=60)
    assert_envelope(register(closed, f"Bearer {token}"), 401, "invalid_token")


def test_what_an_authorizer_said_is_not_asked_on_a_public_route(closed: World) -> None:
    response = closed.call("create_user", an_event("POST", "/api/users", ADMIN, BOB))
    assert_envelope(response, 403, "not_allowed")
