"""The pool of connections: who gets which, and which are given up."""

import threading
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import TRANSACTION_STATUS_ACTIVE, TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_INTRANS
from roster.infrastructure import deadline
from roster.infrastructure.connections import Pool, PoolExhaustedError

from tests.unit.fake_connections import FakeServer


def borrow(pool: Pool, *, fresh: bool = False) -> Any:
    with pool.lease(fresh=fresh) as lease:
        return lease


def test_a_connection_is_opened_when_it_is_first_needed() -> None:
    server = FakeServer()
    pool = server.pool()
    assert server.made == []
    assert borrow(pool).is_new


def test_a_connection_is_used_again() -> None:
    server = FakeServer()
    pool = server.pool()
    first = borrow(pool)
    again = borrow(pool)
    assert (again.connection, again.is_new) == (first.connection, False)
    assert len(server.made) == 1


def test_the_one_used_last_is_lent_first() -> None:
    pool = FakeServer().pool(maximum=2)
    with pool.lease() as early:
        late = borrow(pool).connection
    assert borrow(pool).connection is early.connection is not late


def test_no_more_than_the_maximum_are_open() -> None:
    server = FakeServer()
    pool = server.pool(maximum=2)
    with pool.lease(), pool.lease(), deadline.within(0.02), pytest.raises(PoolExhaustedError), pool.lease():
        pytest.fail("a third connection was lent")
    assert len(server.made) == 2


def test_who_waits_gets_the_next_one_that_comes_free() -> None:
    server = FakeServer()
    pool = server.pool(maximum=1)
    got: list[Any] = []
    with pool.lease() as lease:
        waiting = threading.Thread(target=lambda: got.append(borrow(pool)))
        waiting.start()
    waiting.join(timeout=5)
    assert [each.connection for each in got] == [lease.connection]


def test_a_fresh_lease_forgets_those_that_idle() -> None:
    server = FakeServer()
    pool = server.pool(maximum=2)
    with pool.lease():
        borrow(pool)
    assert borrow(pool, fresh=True).is_new
    assert server.open == [server.made[-1]]


@pytest.mark.parametrize("status", [TRANSACTION_STATUS_ACTIVE, TRANSACTION_STATUS_INTRANS, TRANSACTION_STATUS_INERROR])
def test_a_connection_in_mid_transaction_does_not_come_back(status: int) -> None:
    server = FakeServer()
    pool = server.pool()
    with pool.lease():
        server.made[0].status = status
    assert server.made[0].closed
    assert borrow(pool).is_new


def test_a_connection_that_was_closed_does_not_come_back() -> None:
    server = FakeServer()
    pool = server.pool()
    with pool.lease() as lease:
        lease.connection.close()
    assert borrow(pool).is_new


def test_a_failure_gives_the_place_back() -> None:
    server = FakeServer()
    pool = server.pool(maximum=1)
    with pytest.raises(ZeroDivisionError), pool.lease():
        raise ZeroDivisionError
    assert not borrow(pool).is_new


def test_a_server_that_is_away_costs_no_place() -> None:
    server = FakeServer(is_away=True)
    pool = server.pool(maximum=1)
    for _ in range(3):
        with pytest.raises(psycopg2.OperationalError):
            borrow(pool)
    server.is_away = False
    assert borrow(pool).is_new


def test_closing_closes_those_that_idle_now_and_those_in_use_afterwards() -> None:
    server = FakeServer()
    pool = server.pool(maximum=2)
    with pool.lease():
        borrow(pool)
        pool.close()
        assert [connection.closed for connection in server.made] == [0, 1]
    assert server.open == []
