"""POST /api/users with an Idempotency-Key: the same request has one effect and one answer."""

from collections.abc import Sequence
from typing import Any

import pytest
from roster.auth import tokens
from roster.auth.caller import Caller
from roster.errors import OutcomeUnknownError, RosterError, UnavailableError
from roster.idempotency.repository import LIFE_SECONDS

from tests import forge
from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers import world as worlds
from tests.handlers.world import ADA, ADMIN, World

BOB = {"email": "bob@example.com", "name": "Bob", "password": "a harbour at midnight"}
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


def register(
    world: World,
    key: str | Sequence[str] = KEY,
    caller: Caller | None = None,
    source: str = "203.0.113.7",
    **changes: Any,
) -> dict[str, Any]:
    headers: dict[str, str | Sequence[str]] = {"Idempotency-Key": key}
    if caller:
        token = tokens.issue(caller, key=forge.SIGNING_KEY, issuer=forge.ISSUER, life_seconds=60)
        headers["Authorization"] = f"Bearer {token}"
    event = an_event("POST", "/api/users", body=BOB | changes, headers=headers)
    event["requestContext"]["identity"]["sourceIp"] = source
    return world.call("create_user", event)


def is_replayed(response: dict[str, Any]) -> bool:
    return bool(response["headers"].get("Idempotency-Replayed") == "true")


@pytest.fixture
def verified(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("REGISTRATION", "verified")
    return world


@pytest.mark.parametrize("caller", [None, ADA, ADMIN])
def test_the_second_answer_is_the_first(caller: Caller | None, world: World) -> None:
    first, second = register(world, caller=caller), register(world, caller=caller)
    assert assert_answer(first, 201)["id"] == 2
    assert first["headers"]["Location"] == "/dev/api/users/2"
    assert "Idempotency-Replayed" not in first["headers"]
    assert second == first | {"headers": first["headers"] | {"Idempotency-Replayed": "true"}}
    assert list(world.tables.rows) == [1, 2]


def test_the_second_answer_is_the_first_though_the_user_has_changed(world: World) -> None:
    first = register(world)
    event = an_event("PATCH", "/api/users/2", ADMIN, {"name": "Robert"})
    assert assert_answer(world.call("change_user", event), 200)["name"] == "Robert"
    second = register(world)
    assert (second["body"], second["headers"]["ETag"]) == (first["body"], '"2-1"')


@pytest.mark.parametrize(
    "change", [{"name": "Rob"}, {"email": "rob@example.com"}, {"password": "a lighthouse at noon"}]
)
def test_another_body_is_refused_by_name_and_tells_nothing(change: dict[str, Any], world: World) -> None:
    register(world)
    response = register(world, **change)
    error = assert_envelope(response, 422, "invalid_input", "header.Idempotency-Key")
    assert error["details"][0]["code"] == "idempotency_key_reused"
    assert not {"harbour", "lighthouse", "bob", KEY} & set(response["body"].lower().replace('"', " ").split())
    assert list(world.tables.rows) == [1, 2]


def test_what_matters_are_the_bytes_and_not_how_the_gateway_hands_them_on(world: World) -> None:
    text = '{"email": "bob@example.com", "name": "Böb", "password": "a harbour at midnight"}'
    headers = {"idempotency-key": KEY}
    sent = [an_event("POST", "/api/users", body=body, headers=headers) for body in (text, text.encode())]
    assert [is_replayed(world.call("create_user", event)) for event in sent] == [False, True]


@pytest.mark.parametrize("one", [None, ADA, ADMIN])
@pytest.mark.parametrize("other", [None, ADA, ADMIN])
def test_a_key_is_its_callers_own(one: Caller | None, other: Caller | None, world: World) -> None:
    register(world, caller=one)
    response = register(world, caller=other)
    assert response["statusCode"] == (201 if one == other else 409)
    assert is_replayed(response) is (one == other)


def test_a_caller_is_known_wherever_they_come_from_and_somebody_unknown_by_that(world: World) -> None:
    for number, caller in enumerate([ADMIN, None]):
        key = f"key {number}".replace(" ", "-")
        register(world, key, caller, "198.51.100.1", email=f"{number}@example.com")
        again = register(world, key, caller, "198.51.100.2", email=f"{number}@example.com")
        assert is_replayed(again) is (caller is not None)


def test_without_a_key_a_second_request_is_a_second_one(world: World) -> None:
    event = an_event("POST", "/api/users", body=BOB)
    assert [world.call("create_user", event)["statusCode"] for _ in range(2)] == [201, 409]
    assert world.answers.rows == {}


@pytest.mark.parametrize(
    "key", ["a", "x" * 255, "0", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~", "a,b", 'a"b', "a\\b", '"a"', '"a\\"b\\\\c"', " a\t"]
)
def test_a_key_is_visible_ascii_with_or_without_quotes(key: str, world: World) -> None:
    assert [is_replayed(register(world, key)) for _ in range(2)] == [False, True]


def test_quotes_are_no_part_of_a_key(world: World) -> None:
    assert [is_replayed(register(world, key)) for key in ("abc", '"abc"', "abc")] == [False, True, True]


@pytest.mark.parametrize(
    "key",
    [
        "",
        " ",
        '"',
        '""',
        '"a',
        "a b",
        '"a b"',
        "x" * 256,
        f'"{"x" * 256}"',
        "é",
        "\x7f",
        "a\0",
        '"a\\n"',
        '"a";b=1',
        ["a", "a"],
    ],
    ids=repr,
)
def test_anything_else_is_no_key_and_has_no_effect(key: str | list[str], world: World) -> None:
    assert_envelope(register(world, key), 400, "malformed_idempotency_key")
    assert list(world.tables.rows) == [1]


def test_what_failed_is_tried_again_and_what_was_never_valid_has_not_used_the_key(world: World) -> None:
    assert_envelope(register(world, name=""), 422, "invalid_input", "body.name")
    assert_envelope(register(world, email="ada@example.com"), 409, "email_taken")
    world.users.remove(1)
    assert not is_replayed(register(world, email="ada@example.com"))
    assert is_replayed(register(world, email="ada@example.com"))


@pytest.mark.parametrize("error", [UnavailableError(), OutcomeUnknownError()])
def test_a_failure_is_not_kept(error: RosterError, world: World) -> None:
    world.tables.fault = error
    assert register(world)["statusCode"] == 503
    world.tables.fault = None
    assert [is_replayed(register(world)) for _ in range(2)] == [False, True]


def test_a_request_in_flight_is_told_to_wait(world: World) -> None:
    register(world)
    (row,) = world.answers.rows.values()
    row.is_held = True
    response = register(world)
    assert_envelope(response, 409, "request_in_flight")
    assert response["headers"]["Retry-After"] == "1"


def test_a_day_later_the_key_is_new(world: World) -> None:
    register(world)
    world.answers.passed += world.answers.passed.resolution * LIFE_SECONDS * 1_000_000
    assert_envelope(register(world), 409, "email_taken")


def test_who_is_erased_is_not_answered_from_memory(world: World) -> None:
    register(world)
    world.users.remove(2)
    assert "bob" not in str(world.answers.rows).lower()
    assert assert_answer(register(world), 201)["id"] == 3


def test_no_password_is_kept_and_no_hash_that_can_be_tried_without_our_secret(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(world)
    assert "harbour" not in str(world.answers.rows)
    ((scope, name),) = world.answers.rows
    assert name == KEY
    assert "203.0.113.7" not in scope
    (row,) = world.answers.rows.values()
    world.users.remove(2)
    monkeypatch.setenv("API_SECRET", "another-secret-of-tests-that-is-long-enough")
    register(world)
    assert {kept.fingerprint for kept in world.answers.rows.values()}.isdisjoint({row.fingerprint})


@pytest.mark.parametrize("email", ["ada@example.com", "bob@example.com"])
def test_where_addresses_are_verified_both_answers_are_the_same_and_one_mail_is_sent(
    email: str, verified: World
) -> None:
    first, second = (register(verified, email=email) for _ in range(2))
    assert assert_answer(first, 202) == assert_answer(second, 202) == {"status": "accepted"}
    assert (is_replayed(first), is_replayed(second)) == (False, True)
    assert len(verified.mail_tables.mails) == 1


def test_where_addresses_are_verified_a_key_tells_nothing_of_an_address(verified: World) -> None:
    def told(email: str) -> list[tuple[int, str]]:
        answers = [register(verified, email, email=email, name=name) for name in ("Bob", "Bob", "Rob")]
        return [(answer["statusCode"], answer["headers"].get("Idempotency-Replayed", "")) for answer in answers]

    assert told("ada@example.com") == told("bob@example.com") == [(202, ""), (202, "true"), (422, "")]


def test_a_replay_stays_what_it_was_though_registration_is_run_otherwise_now(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = register(world, caller=ADMIN)
    worlds.forget()
    monkeypatch.setenv("REGISTRATION", "verified")
    assert register(world, caller=ADMIN)["body"] == first["body"]
    worlds.forget()
    monkeypatch.setenv("REGISTRATION", "closed")
    assert_envelope(register(world), 403, "not_allowed")


def test_routes_that_know_no_key_ignore_it(world: World) -> None:
    event = an_event("PATCH", "/api/users/1", ADA, {"name": "Ada King"}, {"Idempotency-Key": '"'})
    assert world.call("change_user", event)["statusCode"] == 200
    assert world.answers.rows == {}
