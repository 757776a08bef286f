"""Connections to Redis are lent as redis-py lends them: open, silent, of this process, and to one at a time."""

import select
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from roster.infrastructure import cache_connections
from roster.infrastructure.cache_connections import Pool
from roster.infrastructure.redis_exchange import packed, replies

pytestmark = pytest.mark.integration


@pytest.fixture
def pool(redis_url: str) -> Iterator[Pool]:
    with cache_connections.client(redis_url) as client:
        assert isinstance(client.connection_pool, Pool)
        yield client.connection_pool


def number_of(connection: Any) -> object:
    """Return what Redis calls the connection: each has its own number."""
    connection.send_packed_command([packed([("CLIENT", "ID")])])
    (number,) = replies(connection._sock, 1)
    return number


def used_once(pool: Pool) -> tuple[Any, object]:
    connection = pool.lend()
    number = number_of(connection)
    pool.take_back(connection)
    return connection, number


def test_a_connection_is_lent_again(pool: Pool) -> None:
    assert used_once(pool) == used_once(pool) == used_once(pool)


def test_two_at_once_have_one_each_and_all_come_back(pool: Pool) -> None:
    one, other = pool.lend(), pool.lend()
    assert number_of(one) != number_of(other)
    for connection in (one, other, other):
        pool.take_back(connection)
    assert {pool.lend(), pool.lend()} == {one, other}
    assert pool.lend() not in (one, other)


def closed_by_redis(pool: Pool, connection: Any, number: object, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.execute_command("CLIENT", "KILL", "ID", number) == 1


def closed_by_us(pool: Pool, connection: Any, number: object, redis_url: str) -> None:
    pool.lend()
    connection.disconnect()
    pool.take_back(connection)


def to_be_opened_anew(pool: Pool, connection: Any, number: object, redis_url: str) -> None:
    pool.lend()
    connection.mark_for_reconnect()
    pool.take_back(connection)


def of_the_parent_process(pool: Pool, connection: Any, number: object, redis_url: str) -> None:
    pool.pid -= 1


@pytest.mark.parametrize("spoilt", [closed_by_redis, closed_by_us, to_be_opened_anew, of_the_parent_process])
def test_what_is_not_in_order_is_opened_anew(spoilt: Callable[..., None], pool: Pool, redis_url: str) -> None:
    connection, number = used_once(pool)
    spoilt(pool, connection, number, redis_url)
    assert used_once(pool)[1] not in (number, None)


def test_an_answer_that_was_left_unread_is_nobody_elses(pool: Pool) -> None:
    connection: Any = pool.lend()
    connection.send_packed_command([packed([("ECHO", "stale")])])
    assert select.select([connection._sock], [], [], 5)[0]
    pool.take_back(connection)
    assert isinstance(used_once(pool)[1], int)


def test_what_comes_back_to_another_process_is_not_lent_there(pool: Pool) -> None:
    connection = pool.lend()
    pool.pid -= 1
    pool.take_back(connection)
    assert pool.lend() is not connection
