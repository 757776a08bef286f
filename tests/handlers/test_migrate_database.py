"""The migration function: the schema, and the first admin."""

from collections.abc import Iterator
from typing import Any

import pytest
from roster.infrastructure.migrations import Migration
from roster.users.repository import NewValues
from roster.wiring import migrations

from tests.builders import an_event
from tests.envelope import assert_answer
from tests.handlers.world import World


class FakeDatabase:
    """Knows which migrations it has seen."""

    applied: list[str] = []
    closed = 0

    def __init__(self, url: str, **limits: Any) -> None:
        assert (url, limits["pool_max"]) == ("postgresql://somewhere", 1)

    def close(self) -> None:
        type(self).closed += 1


@pytest.fixture
def migrating(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    def apply(database: object, wanted: list[Migration]) -> Iterator[str]:
        for migration in wanted:
            if migration.name not in FakeDatabase.applied:
                FakeDatabase.applied.append(migration.name)
                yield migration.name

    monkeypatch.setattr(FakeDatabase, "applied", [])
    monkeypatch.setattr(FakeDatabase, "closed", 0)
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere")
    monkeypatch.setattr(migrations, "Database", FakeDatabase)
    monkeypatch.setattr("roster.infrastructure.migrations.apply", apply)
    return world


def migrate(world: World, **event: Any) -> dict[str, Any]:
    return world.call("migrate_database", event)


def wanted(**changes: Any) -> dict[str, Any]:
    return {"email": "root@example.com", "name": "Root"} | changes


def test_what_was_missing_is_named_and_the_second_time_nothing_is(migrating: World) -> None:
    assert migrate(migrating)["applied"][0] == "0001_users"
    assert migrate(migrating) == {"applied": []}
    assert FakeDatabase.closed == 2


def test_an_admin_is_made_with_a_password_that_logs_in(migrating: World) -> None:
    answer = migrate(migrating, admin=wanted())
    assert answer["admin"].keys() == {"id", "email", "password"}
    body = {"email": "root@example.com", "password": answer["admin"]["password"]}
    login = assert_answer(migrating.call("log_in", an_event("POST", "/api/auth/login", body=body)), 200)
    assert (login["user"]["id"], login["user"]["role"]) == (answer["admin"]["id"], "admin")


def test_the_same_admin_again_keeps_the_password_unless_asked(migrating: World) -> None:
    first = migrate(migrating, admin=wanted())["admin"]
    assert migrate(migrating, admin=wanted())["admin"] == first | {"password": None}
    assert migrate(migrating, admin=wanted(reset_password=True))["admin"]["password"] not in (None, first["password"])


def test_an_existing_user_is_promoted(migrating: World) -> None:
    migrating.users.change(1, NewValues(status="disabled"))
    migrate(migrating, admin=wanted(email="ADA@example.com"))
    assert (migrating.tables.rows[1].user.role, migrating.tables.rows[1].user.status) == ("admin", "active")


def test_a_password_is_in_the_answer_and_nowhere_else(
    migrating: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    password = migrate(migrating, admin=wanted())["admin"]["password"]
    output = capsys.readouterr()
    assert password not in output.out + output.err + caplog.text + str(migrating.tables.rows)
    assert "root@example.com" not in output.out + output.err + caplog.text


@pytest.mark.parametrize("admin", [{}, {"name": "Root"}, {"email": "root"}, {"email": 5}])
def test_an_admin_without_an_address_is_nobody(admin: dict[str, Any], migrating: World) -> None:
    if admin:
        with pytest.raises((KeyError, ValueError, AttributeError)):
            migrate(migrating, admin=admin)
    else:
        assert "admin" not in migrate(migrating, admin=admin)
    assert list(migrating.tables.rows) == [1]


def test_what_an_operator_did_is_told_without_a_caller(migrating: World) -> None:
    migrating.tables.events.clear()
    migrate(migrating, admin=wanted())
    migrate(migrating, admin=wanted(email="ada@example.com", reset_password=True))
    migrate(migrating, admin=wanted(email="ada@example.com"))
    events = migrating.tables.events
    assert [event.action for event in events if event.action != "session.ended"] == [
        "user.registered",
        "user.rights_changed",
        "password.changed",
    ]
    assert {(event.actor_id, event.source_ip, event.request_id) for event in events} == {
        (None, None, "operator/4c6d0f7e-function")
    }
