"""The contract of the cache, on the fake and on a real Redis."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

import pytest
import redis
from roster.infrastructure.cache import Cache
from roster.infrastructure.scripts import Call, Script

from tests.fakes import FakeCache
from tests.servers import redis_server

ADD = Script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
FAIL = Script("return redis.call('INCRBY', KEYS[1], 'no number')")


class Subject(NamedTuple):
    """A cache, and how to make it go away."""

    cache: Cache
    go_away: Callable[[], None]


@pytest.fixture(params=["fake", pytest.param("redis", marks=pytest.mark.integration)])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def cache(kind: str, request: pytest.FixtureRequest) -> Iterator[Cache]:
    if kind == "fake":
        yield cast(Cache, FakeCache())
        return
    yield request.getfixturevalue("cache_on_redis")


@pytest.fixture
def cache_on_redis(redis_url: str) -> Iterator[Cache]:
    cache = Cache(redis_url)
    yield cache
    cache.close()


@pytest.fixture
def mortal(kind: str) -> Iterator[Subject]:
    """Return a cache whose server is nobody else's."""
    if kind == "fake":
        fake = FakeCache()
        yield Subject(cast(Cache, fake), lambda: setattr(fake, "is_away", True))
        return
    with redis_server() as server:
        cache = Cache(server.url)
        yield Subject(cache, server.stop)
        cache.close()


def test_scripts_run_in_their_order_and_each_has_its_answer(cache: Cache) -> None:
    two, three = Call(ADD, ("sum",), (2,)), Call(ADD, ("sum",), (3,))
    assert cache.run(two, three, two) == (2, 5, 7)
    assert cache.run(three) == (10,), "also when Redis knows the script"


def test_a_script_that_fails_is_none_and_the_others_are_answered(cache: Cache) -> None:
    assert cache.run(Call(ADD, ("sum",), (1,)), Call(FAIL, ("sum",)), Call(ADD, ("sum",), (1,))) == (1, None, 2)


def test_bytes_reach_a_script_and_come_back_as_they_are(cache: Cache) -> None:
    echo = Script("return {ARGV[1], #ARGV[1]}")
    assert cache.run(Call(echo, (), (b"\x00\xff\r\n",))) == ([b"\x00\xff\r\n", 4],)


def test_a_cache_that_is_there_answers(cache: Cache) -> None:
    assert cache.ping() is True


def test_a_cache_that_is_away_holds_nothing_and_never_raises(mortal: Subject) -> None:
    call = Call(ADD, ("sum",), (1,))
    assert mortal.cache.run(call, call) == (1, 2)
    mortal.go_away()
    assert mortal.cache.run(call, call) == (None, None)
    assert mortal.cache.insist(call) == (None,)
    assert mortal.cache.ping() is False


@pytest.mark.integration
def test_a_redis_that_forgot_its_scripts_learns_them_again(redis_url: str, cache_on_redis: Cache) -> None:
    assert cache_on_redis.run(Call(ADD, ("sum",), (1,))) == (1,)
    with redis.Redis.from_url(redis_url) as client:
        client.script_flush()
    assert cache_on_redis.run(Call(ADD, ("sum",), (1,))) == (2,)
