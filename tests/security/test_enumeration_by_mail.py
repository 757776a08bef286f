"""What is told by mail is told by mail alone: who names an address is answered alike, after the same work."""

from collections.abc import Iterator
from typing import Any

import pytest
from roster.users.repository import NewValues

from tests.builders import an_event
from tests.handlers import world as worlds
from tests.handlers.world import A_RESET_TOKEN, A_VERIFICATION_TOKEN, ADA, World
from tests.security.test_enumeration import told
from tests.unit.counting_hasher import CountingHasher, counted

NEW_PASSWORD = "a harbour at midnight"
ADDRESSES = {
    "known": "ada@example.com",
    "known, typed otherwise": " ADA@Example.COM",
    "disabled": "disabled@roster.test",
    "erased": "erased@roster.test",
    "unknown": "nobody@roster.test",
    "unknown domain": "ada@nowhere.test",
}
# By endpoint: the status, and how many hashes it costs.
ASKING = {"request_password_reset": (202, 0), "create_user": (202, 1)}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(monkeypatch)
    monkeypatch.setenv("REGISTRATION", "verified")
    world.users.change(world.add("disabled@roster.test").id, NewValues(status="disabled"))
    world.users.remove(world.add("erased@roster.test").id)
    yield world
    worlds.forget()


@pytest.fixture
def hasher(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[CountingHasher]:
    with counted(monkeypatch) as hasher:
        yield hasher


def asked(world: World, stem: str, email: str) -> dict[str, Any]:
    if stem == "create_user":
        body = {"email": email, "name": "Somebody", "password": NEW_PASSWORD}
        return world.call(stem, an_event("POST", "/api/users", body=body))
    return world.call(stem, an_event("POST", "/api/auth/password-reset", body={"email": email}))


@pytest.mark.parametrize("stem", ASKING)
def test_an_address_is_answered_alike_after_the_same_work_whoever_has_it(
    stem: str, world: World, hasher: CountingHasher
) -> None:
    done = []
    for email in ADDRESSES.values():
        world.tables.calls.clear()
        hasher.hashes = 0
        done.append((asked(world, stem, email), hasher.hashes, list(world.tables.calls)))
    status, hashes = ASKING[stem]
    assert (done[0][0]["statusCode"], done[0][1]) == (status, hashes)
    assert [name for name, each in zip(ADDRESSES, done, strict=True) if each != done[0]] == []


def confirmed(world: World, stem: str, token: str) -> dict[str, Any]:
    path, body = "/api/auth/verify-email/confirm", {"token": token}
    if stem == "confirm_password_reset":
        path, body = "/api/auth/password-reset/confirm", body | {"new_password": NEW_PASSWORD}
    return world.call(stem, an_event("POST", path, body=body))


GOOD = {"confirm_email": A_VERIFICATION_TOKEN, "confirm_password_reset": A_RESET_TOKEN}


@pytest.mark.parametrize("stem", GOOD)
def test_every_link_that_is_not_good_is_answered_alike_and_costs_no_hash(
    stem: str, world: World, hasher: CountingHasher
) -> None:
    assert confirmed(world, stem, GOOD[stem])["statusCode"] == 204
    hasher.hashes = 0
    (other,) = set(GOOD.values()) - {GOOD[stem]}
    bad = {
        "used": GOOD[stem],
        "foreign": other,
        "never given": "n" * 43,
        "none": "",
        "too long": "n" * 44,
        "odd": "é" * 43,
    }
    answers = {name: told(confirmed(world, stem, token)) for name, token in bad.items()}
    assert (answers["used"]["statusCode"], answers["used"]["body"]["code"]) == (400, "invalid_link")
    assert [name for name, answer in answers.items() if answer != answers["used"]] == []
    assert hasher.hashes == 0


def test_a_verified_address_is_asked_about_like_any_other(world: World) -> None:
    ask = an_event("POST", "/api/auth/verify-email", ADA)
    before = world.call("request_email_verification", ask)
    assert confirmed(world, "confirm_email", A_VERIFICATION_TOKEN)["statusCode"] == 204
    assert world.call("request_email_verification", ask) == before


def test_where_registration_is_open_the_difference_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRATION", "open")
    worlds.forget()
    statuses = {asked(world, "create_user", email)["statusCode"] for email in ADDRESSES.values()}
    assert statuses == {201, 409}
