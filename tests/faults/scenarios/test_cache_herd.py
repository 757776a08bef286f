"""Everybody wants what nobody remembers (F24), and what everybody wants is remembered."""

import random
import sys
from typing import Any

import pytest
from roster.infrastructure import cache_connections, fenced_cache
from roster.infrastructure.cache_connections import Pool
from roster.infrastructure.database_errors import CheckedCursor

from tests import environment
from tests.builders import a_caller
from tests.faults.scenarios.cached_house import CachedHouse, cached_house
from tests.racing import race
from tests.security.progress import IN_FULL
from tests.servers import Servers

pytestmark = pytest.mark.integration

READERS = 200 if IN_FULL else 60
USERS, OPERATIONS = (200, 50_000) if IN_FULL else (20, 800)


@pytest.fixture
def selects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each statement that looks for a user, or how they stand."""
    sent: list[str] = []
    whole = CheckedCursor.execute

    def noted(self: CheckedCursor, query: Any, values: Any = None) -> None:
        if "FROM users" in str(query) or "FROM sessions" in str(query):
            sent.append(" ".join(str(query).split())[:60])
        whole(self, query, values)

    monkeypatch.setattr(CheckedCursor, "execute", noted)
    return sent


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Redis take its time: so many threads wait for each other longer than for it, and want a connection each."""
    for name in ("CONNECT_SECONDS", "COMMAND_SECONDS"):
        monkeypatch.setattr(cache_connections, name, 10.0)
    whole = Pool.from_url

    def roomy(url: str, **options: Any) -> Pool:
        return whole(url, max_connections=2 * READERS, **options)

    monkeypatch.setattr(Pool, "from_url", roomy)


def asked_by_a_herd(house: CachedHouse, selects: list[str]) -> list[str]:
    """Let everyone read one user whom nobody remembers; return the statements that it took."""
    race(READERS, lambda _: house.read(house.ada))  # who comes later needs no connection any more
    house.look_into.delete(*house.values())
    selects.clear()
    shown = race(READERS, lambda _: house.read(house.ada))
    assert [user["id"] for user in shown] == [house.ada.user_id] * READERS
    return selects[:]


@pytest.mark.usefixtures("_patient")
def test_of_a_herd_one_or_two_ask_postgresql(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, selects: list[str]
) -> None:
    with cached_house(servers, monkeypatch, DATABASE_POOL_MAX="20") as house:
        asked = asked_by_a_herd(house, selects)
        rows = [statement for statement in asked if statement.startswith("SELECT id, email")]
        assert 1 <= len(rows) <= 2
        assert 1 <= len(asked) - len(rows) <= 2, "for the standing as well"


@pytest.mark.usefixtures("_patient")
def test_a_herd_that_does_not_wait_is_found(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, selects: list[str]
) -> None:
    monkeypatch.setattr(fenced_cache, "_PAUSES_SECONDS", ())
    with cached_house(servers, monkeypatch, DATABASE_POOL_MAX="20") as house:
        assert len(asked_by_a_herd(house, selects)) > 4


def hit_rate(house: CachedHouse, seed: int, capsys: pytest.CaptureFixture[str]) -> float:
    """Return the share of looks that were hits, at 99 reads to a write, most of them of few users."""
    chance = random.Random(seed)
    everyone = [house.add(f"user-{number}@example.com", "user") for number in range(USERS)]
    weights = [1 / rank for rank in range(1, USERS + 1)]
    for each in everyone:
        house.read(each)
    capsys.readouterr()
    for number, each in enumerate(chance.choices(everyone, weights, k=OPERATIONS)):
        if number % 100 == 99:
            assert house.rename(a_caller(each.user_id), f"Name {number}")
        else:
            house.read(each)
    lines = environment.lines_of(capsys.readouterr().out)
    hits, others = (
        sum(line.get(name, 0) for line in lines for name in names)
        for names in (["CacheHits"], ["CacheMisses", "CacheSkips"])
    )
    return float(hits / (hits + others))


def test_at_99_reads_to_a_write_most_are_hits(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with cached_house(servers, monkeypatch) as house:
        rate = hit_rate(house, 1, capsys)
        assert house.failures == []
    if IN_FULL:
        with capsys.disabled():
            sys.stderr.write(f"\n  hit rate {rate:.2%}")
    assert rate >= 0.95
