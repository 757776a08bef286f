"""Redis forgets what it likes (F5): evictions one by one and all at once, between reads and writes."""

import random
from collections.abc import Callable

import pytest
from roster.infrastructure.fenced_cache import FencedCache

from tests.faults.scenarios.cached_house import CachedHouse, cached_house
from tests.security.progress import IN_FULL
from tests.servers import Servers

pytestmark = pytest.mark.integration

STEPS = 5_000 if IN_FULL else 120
LOSE = {"keys one by one": 0.2, "all of them now and then": 0.05}


def lose(house: CachedHouse, chance: random.Random, what: str) -> None:
    keys = list(house.look_into.scan_iter())
    if what == "all of them now and then":
        house.look_into.flushall()
    elif keys:
        house.look_into.delete(chance.choice(keys))


def stale(house: CachedHouse, what: str, seed: int = 1) -> list[str]:
    """Return the names that were read after they had been replaced."""
    chance, name, found = random.Random(seed), house.read(house.ada)["name"], []
    for number in range(STEPS):
        if chance.random() < LOSE[what]:
            lose(house, chance, what)
        if chance.random() < 0.1:
            name = f"Ada {number}"
            assert house.rename(house.ada, name)
        shown = house.read(house.ada)["name"]
        found += [shown] if shown != name else []
    return found


@pytest.mark.parametrize("what", LOSE)
def test_what_is_lost_is_missed_by_nobody(what: str, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    with cached_house(servers, monkeypatch) as house:
        assert stale(house, what) == []
        assert house.failures == []


def test_a_write_that_takes_nothing_back_is_found(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(self: FencedCache, keys: object, work: Callable[[], object]) -> object:
        return work()

    monkeypatch.setattr(FencedCache, "change", change)
    with cached_house(servers, monkeypatch) as house:
        assert stale(house, "keys one by one")
