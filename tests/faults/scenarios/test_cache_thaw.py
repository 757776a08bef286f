"""An environment is frozen for hours (F11), and what it believed in is fenced off meanwhile."""

import time
from collections.abc import Callable

import pytest
from roster.infrastructure.cache_control import Clock, Control
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.fenced_cache import FencedCache
from roster.infrastructure.scripts import AbsentRedis
from roster.infrastructure.write_barrier import WriteBarrier
from roster.users.fenced import FencedUsers
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues
from roster.wiring import fence, stores

from tests.faults.scenarios.cached_house import CachedHouse, cached_house
from tests.servers import Servers

pytestmark = pytest.mark.integration

HOURS = 3 * 3600.0


class StoppedClock:
    """The monotonic half stands still, as it may while an environment is frozen; the other one tells *passed* too."""

    def __init__(self, passed: Callable[[], float]) -> None:
        self._stopped_at, self._passed = time.monotonic(), passed

    def monotonic(self) -> float:
        return self._stopped_at

    def time(self) -> float:
        return time.time() + self._passed()

    def sleep(self, seconds: float, /) -> None:
        time.sleep(seconds)


def change_from_elsewhere(user_id: int, name: str) -> None:
    """Change a user from an environment that reaches no Redis: what that holds is fenced off, and stays there."""
    control = Control(PostgresControlRows(stores.database), AbsentRedis(), lease_seconds=1)
    elsewhere = FencedCache(AbsentRedis(), control, WriteBarrier(AbsentRedis(), control), 3600)
    FencedUsers(PostgresUsers(stores.database), elsewhere).change(user_id, NewValues(name=name))


def shown_after_a_thaw(house: CachedHouse, clock: Callable[[], Clock]) -> str:
    house.read(house.ada)
    fence.fence()._control._clock = clock()
    fence.fence()._control._lease = None
    assert house.read(house.ada)["name"] == house.read(house.ada)["name"] == "Ada Lovelace", "it is remembered"
    change_from_elsewhere(house.ada.user_id, "Augusta")
    return str(house.read(house.ada)["name"])


def test_after_hours_nothing_of_before_is_believed(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    with cached_house(servers, monkeypatch) as house:
        monkeypatch.setattr("tests.faults.scenarios.test_cache_thaw.change_from_elsewhere", thawing(passed))
        assert shown_after_a_thaw(house, lambda: StoppedClock(lambda: passed[0])) == "Augusta"
        assert house.failures == []


def thawing(passed: list[float]) -> Callable[[int, str], None]:
    change = change_from_elsewhere

    def changed(user_id: int, name: str) -> None:
        change(user_id, name)
        passed[0] = HOURS

    return changed


def test_who_asks_the_stopped_clock_alone_is_found(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    with cached_house(servers, monkeypatch) as house:
        stopped_at = time.time()
        stopped = StoppedClock(lambda: stopped_at - time.time())
        assert shown_after_a_thaw(house, lambda: stopped) == "Ada Lovelace"
