"""Cache-aside on the real thing: what stands in Redis, for how long, and that nobody misses it."""

from collections.abc import Iterator
from statistics import median

import pytest
import redis
from roster.infrastructure.cache import Cache
from roster.infrastructure.database import Database
from roster.users.cached import CachedUsers
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues, Users

from local.redis import RedisServer
from tests.builders import a_new_user
from tests.frozen import Stopwatch, frozen
from tests.servers import Servers, redis_server

pytestmark = pytest.mark.integration


@pytest.fixture
def plain(servers: Servers) -> Iterator[Users]:
    database = Database(servers.postgres(18).emptied(), pool_max=20, idle_seconds=30)
    yield PostgresUsers(lambda: database)
    database.close()


@pytest.fixture
def users(plain: Users, cache: Cache) -> Users:
    return CachedUsers(plain, cache)


@pytest.fixture
def entries(redis_url: str) -> Iterator[redis.Redis]:
    """Look into Redis past all the code that is tested."""
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
def own_users(plain: Users, own_redis: RedisServer) -> Iterator[Users]:
    """Return users on a cache that the test may break."""
    cache = Cache(own_redis.url)
    yield CachedUsers(plain, cache)
    cache.close()


def test_a_read_leaves_one_key_that_lives_for_an_hour(users: Users, entries: redis.Redis) -> None:
    user = users.add(a_new_user())
    assert entries.keys() == [], "a write leaves none"
    users.find(user.id)
    assert entries.keys() == [f"user:{user.id}".encode()]
    assert 3590 <= entries.ttl(f"user:{user.id}") <= 3600


def test_someone_who_is_not_there_leaves_no_key(users: Users, entries: redis.Redis) -> None:
    users.find(999)
    assert entries.keys() == []


def test_the_second_read_does_not_ask_postgresql(users: Users, plain: Users) -> None:
    user = users.add(a_new_user())
    users.find(user.id)
    plain.remove(user.id)
    assert users.find(user.id) == user


def test_every_write_removes_the_key(users: Users, entries: redis.Redis) -> None:
    user = users.add(a_new_user())
    users.find(user.id)
    users.change(user.id, NewValues(name="Augusta"))
    assert entries.keys() == []
    users.find(user.id)
    users.remove(user.id)
    assert entries.keys() == []


def test_no_hash_of_a_password_is_ever_in_redis(users: Users, entries: redis.Redis) -> None:
    user = users.add(a_new_user(password_hash="canary-hash"))
    users.find(user.id)
    assert "canary-hash" not in repr(entries.get(f"user:{user.id}"))


@pytest.mark.parametrize("entry", [b"", b"not JSON", b"[]", b"[0]", b"null", b'{"id": 1}', b"\xff", b"[" * 100_000])
def test_an_odd_entry_is_a_miss_and_is_replaced(users: Users, entries: redis.Redis, entry: bytes) -> None:
    user = users.add(a_new_user())
    entries.set(f"user:{user.id}", entry)
    assert users.find(user.id) == user
    assert entries.get(f"user:{user.id}") != entry


def test_a_key_of_another_type_is_a_miss_and_is_replaced(users: Users, entries: redis.Redis) -> None:
    ada, bob = users.add(a_new_user()), users.add(a_new_user(email="bob@example.com"))
    entries.rpush(f"user:{ada.id}", "no string")
    assert users.find(ada.id) == ada
    assert users.find(bob.id) == bob
    assert {entries.type(f"user:{user.id}") for user in (ada, bob)} == {b"string"}


def test_the_entry_of_someone_else_is_a_miss(users: Users, entries: redis.Redis) -> None:
    ada, bob = users.add(a_new_user()), users.add(a_new_user(email="bob@example.com"))
    users.find(bob.id)
    entries.rename(f"user:{bob.id}", f"user:{ada.id}")
    assert users.find(ada.id) == ada


def test_everything_works_when_redis_stops_in_mid_run(own_users: Users, own_redis: RedisServer) -> None:
    user = own_users.add(a_new_user())
    own_users.find(user.id)
    own_redis.stop()
    assert own_users.find(user.id) == user
    changed = own_users.change(user.id, NewValues(name="Augusta"))
    assert own_users.find(user.id) == changed
    own_users.remove(user.id)
    assert own_users.find(user.id) is None


def test_a_redis_that_does_not_answer_costs_the_first_request_a_little_and_the_next_nothing(
    own_users: Users, own_redis: RedisServer
) -> None:
    user = own_users.add(a_new_user())
    own_users.find(user.id)
    with frozen(own_redis.pid):
        with Stopwatch() as first:
            assert own_users.find(user.id) == user
        later = []
        for _ in range(20):
            with Stopwatch() as each:
                assert own_users.find(user.id) == user
            later.append(each.seconds)
    assert first.seconds < 0.3
    assert median(later) < 0.02
