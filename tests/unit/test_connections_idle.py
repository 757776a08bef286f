"""The pool of connections: for how long one may idle, judged when it is asked for."""

from typing import Any

import pytest
from roster.infrastructure.connections import Pool

from tests.unit.fake_connections import FakeClock, FakeServer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


def borrow(pool: Pool, *, fresh: bool = False) -> Any:
    with pool.lease(fresh=fresh) as lease:
        return lease


@pytest.mark.parametrize("seconds", [0, 29, 30])
def test_a_connection_may_idle_for_a_while(seconds: int, clock: FakeClock) -> None:
    pool = FakeServer().pool(idle_seconds=30)
    borrow(pool)
    clock.passes(seconds)
    assert not borrow(pool).is_new


@pytest.mark.parametrize("stopped", ["neither", "monotonic", "wall"])
def test_idle_time_is_what_either_clock_says(stopped: str, clock: FakeClock) -> None:
    server = FakeServer()
    pool = server.pool(idle_seconds=30)
    borrow(pool)
    clock.monotonic_seconds += 0 if stopped == "monotonic" else 31
    clock.wall_seconds += 0 if stopped == "wall" else 31
    assert borrow(pool).is_new
    assert [connection.closed for connection in server.made] == [1, 0]


def test_a_wall_clock_that_was_set_back_makes_no_connection_young(clock: FakeClock) -> None:
    pool = FakeServer().pool(idle_seconds=30)
    borrow(pool)
    clock.monotonic_seconds += 31
    clock.wall_seconds -= 86_400
    assert borrow(pool).is_new


def test_being_used_ends_idling(clock: FakeClock) -> None:
    pool = FakeServer().pool(idle_seconds=30)
    for _ in range(5):
        borrow(pool)
        clock.passes(20)
    assert not borrow(pool).is_new


def test_the_others_have_idled_for_longer_and_go_too(clock: FakeClock) -> None:
    server = FakeServer()
    pool = server.pool(maximum=3)
    with pool.lease(), pool.lease():
        borrow(pool)
    clock.passes(31)
    borrow(pool)
    assert (len(server.made), len(server.open)) == (4, 1)


def test_a_connection_that_fails_to_close_stops_nobody(clock: FakeClock) -> None:
    server = FakeServer()
    pool = server.pool()
    borrow(pool)
    server.made[0].fails_to_close = True
    clock.passes(31)
    assert borrow(pool).is_new
