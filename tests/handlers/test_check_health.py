"""GET /api/health: whether the parts answer."""

from typing import Any

import pytest
from roster.wiring import stores

from tests.builders import an_event
from tests.envelope import assert_answer
from tests.handlers.world import World


def check(world: World, method: str = "GET") -> dict[str, Any]:
    return world.call("check_health", an_event(method, "/api/health"))


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {name: part["status"] for name, part in report["checks"].items()}


def test_everything_is_up(world: World) -> None:
    report = assert_answer(check(world), 200)
    assert report.keys() == {"status", "checks"}
    assert report["status"] == "up"
    assert statuses(report) == {"database": "up", "cache": "up"}
    assert all(part.keys() == {"status", "milliseconds"} for part in report["checks"].values())


def test_without_the_cache_the_service_is_degraded_and_answers(world: World) -> None:
    world.cache.is_away = True
    report = assert_answer(check(world), 200)
    assert (report["status"], statuses(report)) == ("degraded", {"database": "up", "cache": "down"})


def test_without_the_database_the_service_is_down_in_the_envelope(world: World) -> None:
    world.tables.is_away = True
    response = check(world)
    report = assert_answer(response, 503)
    assert (report["status"], statuses(report)) == ("down", {"database": "down", "cache": "up"})
    assert (report["error"]["status"], report["error"]["code"]) == (503, "unhealthy")
    assert response["headers"]["Retry-After"] == "1"


def test_a_cache_that_is_not_configured_is_not_reported(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "cache", lambda: None)
    assert statuses(assert_answer(check(world), 200)) == {"database": "up"}


def test_nobody_learns_addresses_or_versions(world: World) -> None:
    world.tables.is_away = True
    assert not [word for word in ("postgres", "redis", "://", "psycopg") if word in check(world)["body"].lower()]


def test_it_is_never_stored(world: World) -> None:
    assert check(world)["headers"]["Cache-Control"] == "no-store"


@pytest.mark.parametrize("is_away", [True, False])
def test_head_answers_the_status_without_the_body(is_away: bool, world: World) -> None:
    world.tables.is_away = is_away
    response = check(world, "HEAD")
    assert (response["statusCode"], response["body"]) == (503 if is_away else 200, "")
