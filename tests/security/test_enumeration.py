"""Nobody learns whether an address is known: the same bytes, and the same number of hashes."""

from collections.abc import Iterator
from typing import Any

import pytest
from roster.auth import passwords
from roster.auth.repository import AccountDisabledError
from roster.auth.service import Authentication
from roster.users.repository import NewValues

from tests.builders import PASSWORD, an_event
from tests.envelope import assert_answer
from tests.handlers import world as worlds
from tests.handlers.prepared import with_second_factor
from tests.handlers.world import World
from tests.unit.counting_hasher import OUTDATED, CountingHasher, counted

WRONG = "not the password of anyone"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give the test a world with everyone whose login fails in a way of its own."""
    world = World(monkeypatch)
    world.users.change(world.add("disabled@roster.test").id, NewValues(status="disabled"))
    world.users.remove(world.add("erased@roster.test").id)
    with_second_factor(world, world.add("second@roster.test").id)
    blocked = world.add("blocked@roster.test")
    for _ in range(20):
        world.login_failures.settle(blocked.email, is_right=False)
    yield world
    worlds.forget()


@pytest.fixture
def hasher(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[CountingHasher]:
    with counted(monkeypatch) as hasher:
        yield hasher


FAILING = {
    "wrong password": ("ada@example.com", WRONG),
    "wrong password, typed otherwise": ("  ADA@Example.com", WRONG),
    "empty password": ("ada@example.com", ""),
    "unknown": ("nobody@roster.test", WRONG),
    "unknown, empty password": ("nobody@roster.test", ""),
    "unknown, with somebody's password": ("nobody@roster.test", PASSWORD),
    "unknown domain": ("ada@nowhere.test", WRONG),
    "erased": ("erased@roster.test", PASSWORD),
    "disabled, wrong password": ("disabled@roster.test", WRONG),
    "second factor, wrong password": ("second@roster.test", WRONG),
    "blocked": ("blocked@roster.test", PASSWORD),
    "blocked, wrong password": ("blocked@roster.test", WRONG),
}


def log_in(world: World, email: str, password: str) -> dict[str, Any]:
    return world.call("log_in", an_event("POST", "/api/auth/login", body={"email": email, "password": password}))


def told(response: dict[str, Any]) -> Any:
    """Return all that a client sees, but for the time."""
    error = assert_answer(response, response["statusCode"])["error"]
    return response | {"body": {name: value for name, value in error.items() if name != "timestamp"}}


def answers(world: World) -> list[Any]:
    return [told(log_in(world, *credentials)) for credentials in FAILING.values()]


def test_every_failing_login_is_answered_alike(world: World) -> None:
    first, *others = answers(world)
    assert (first["statusCode"], first["body"]["code"]) == (401, "wrong_credentials")
    assert [name for name, answer in zip(list(FAILING)[1:], others, strict=True) if answer != first] == []


@pytest.mark.parametrize("case", FAILING)
def test_every_failing_login_computes_one_hash(case: str, world: World, hasher: CountingHasher) -> None:
    log_in(world, *FAILING[case])
    assert hasher.hashes == 1


@pytest.mark.parametrize(
    ("email", "status"), [("ada@example.com", 200), ("disabled@roster.test", 403), ("second@roster.test", 200)]
)
def test_so_does_a_login_with_the_right_password(email: str, status: int, world: World, hasher: CountingHasher) -> None:
    assert_answer(log_in(world, email, PASSWORD), status)
    assert hasher.hashes == 1


def test_only_a_login_that_succeeds_with_an_outdated_hash_computes_another(
    world: World, hasher: CountingHasher
) -> None:
    for row in world.tables.rows.values():
        row.password_hash = OUTDATED.hash(PASSWORD)
    assert_answer(log_in(world, "ada@example.com", PASSWORD), 200)
    assert hasher.hashes == 2
    for credentials in FAILING.values():
        hasher.hashes = 0
        log_in(world, *credentials)
        assert hasher.hashes == 1, credentials


def test_a_telling_answer_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Authentication.log_in

    def log_in(self: Authentication, email: str, password: str) -> Any:
        if self._accounts.find_by_address(email) is None:
            return whole(self, email, password)
        raise AccountDisabledError

    monkeypatch.setattr(Authentication, "log_in", log_in)
    assert len({str(answer) for answer in answers(world)}) > 1


def test_a_skipped_hash_is_found(world: World, hasher: CountingHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda text, kept: kept is not None and whole(text, kept))
    log_in(world, *FAILING["unknown"])
    assert hasher.hashes == 0
