"""Redis is away, or there and of no use (F1 to F3): nobody notices but by a few milliseconds."""

import sys

import pytest
import redis
from roster.infrastructure import cache_connections
from roster.infrastructure.cache import Breaker, Cache
from roster.wiring import stores

from tests.faults.scenarios.cache_faults import AWAY, REFUSING, refuses, stands_still
from tests.faults.scenarios.cached_house import CachedHouse, cached_house, milliseconds_p99
from tests.security.progress import IN_FULL
from tests.servers import Servers

pytestmark = pytest.mark.integration

READS = 3_000 if IN_FULL else 100
ALL = AWAY | REFUSING


def is_skipped() -> bool:
    cache = stores.cache()
    return cache is not None and cache._breaker.is_open()


def say(capsys: pytest.CaptureFixture[str], line: str) -> None:
    if IN_FULL:
        with capsys.disabled():
            sys.stderr.write(f"\n{line}")


def milliseconds(house: CachedHouse) -> tuple[float, float]:
    """Return how long the first read takes, and the p99 of those that follow."""
    (first,) = house.seconds_of(1)
    return first * 1000, milliseconds_p99(house.seconds_of(READS))


def told(name: str, before: float, first: float, after: float) -> str:
    return f"  {name:<40} p99 before {before:6.1f} ms, first {first:6.1f} ms, p99 after {after:6.1f} ms"


@pytest.mark.parametrize("name", ALL)
def test_everything_is_answered_as_ever(
    name: str, servers: Servers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with cached_house(servers, monkeypatch) as house:
        house.everything(0)
        before = milliseconds_p99(house.seconds_of(READS))
        with ALL[name](house):
            first, after = milliseconds(house)
            assert is_skipped() == (name in AWAY)
            assert house.rename(house.ada, "Augusta")
            assert house.read(house.ada)["name"] == "Augusta"
            house.everything(1)
        assert house.failures == []
        say(capsys, told(name, before, first, after))
        assert first < 1_000
        assert after - before < 500


def test_a_cache_that_raises_is_found(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    with cached_house(servers, monkeypatch) as house:
        house.read(house.ada)
        monkeypatch.setattr(Cache, "_send", Cache._exchanged)
        with refuses(house), pytest.raises(redis.ConnectionError):
            stores.cache()._send([("PING",)])  # type: ignore[union-attr]
        house.read(house.ada)
        assert house.failures


def test_one_that_is_asked_again_and_again_is_found(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    with cached_house(servers, monkeypatch) as house:
        house.read(house.ada)
        monkeypatch.setattr(Breaker, "is_open", lambda _: False)
        with stands_still(house):
            assert min(house.seconds_of(5)) >= cache_connections.COMMAND_SECONDS
