"""Cached users on the real thing: what stands in Redis, for how long, and that nobody misses it."""

import re
from collections.abc import Iterator

import pytest
import redis
from roster.infrastructure.cache import Cache
from roster.infrastructure.cache_control import Control
from roster.infrastructure.cache_control_postgres import PostgresControlRows
from roster.infrastructure.database import Database
from roster.infrastructure.fenced_cache import FencedCache
from roster.infrastructure.write_barrier import WriteBarrier
from roster.users import entries
from roster.users.cached import MISSING_SECONDS, CachedUsers
from roster.users.fenced import FencedUsers
from roster.users.models import User
from roster.users.postgres import PostgresUsers
from roster.users.repository import NewValues, Users

from local.redis import RedisServer
from tests.builders import a_new_user
from tests.servers import Servers, redis_server

pytestmark = pytest.mark.integration


@pytest.fixture
def database(servers: Servers) -> Iterator[Database]:
    database = Database(servers.postgres(18).emptied(), pool_max=20, idle_seconds=30)
    yield database
    database.close()


@pytest.fixture
def plain(database: Database) -> Users:
    return PostgresUsers(lambda: database)


@pytest.fixture
def users(plain: Users, cache: Cache, database: Database) -> Users:
    return cached(plain, cache, database)


@pytest.fixture
def look_into(redis_url: str) -> Iterator[redis.Redis]:
    """Look into Redis past all the code that is tested."""
    with redis.Redis.from_url(redis_url) as client:
        yield client


def cached(plain: Users, cache: Cache, database: Database) -> Users:
    control = Control(PostgresControlRows(lambda: database), cache, lease_seconds=1)
    fence = FencedCache(cache, control, WriteBarrier(cache, control), 3600)
    return FencedUsers(CachedUsers(plain, fence), fence)


def keys(client: redis.Redis) -> list[str]:
    """Return the keys without their epoch."""
    return sorted(re.sub(r"\d+:(\w)$", r"\1", key.decode()) for key in client.scan_iter())


def place_of(client: redis.Redis, user: User) -> bytes:
    (key,) = client.scan_iter(f"{entries.key_of(user.id)}:*:v")
    return bytes(key)


def test_a_read_leaves_one_key_that_lives_for_an_hour_at_most(users: Users, look_into: redis.Redis) -> None:
    user = users.add(a_new_user())
    assert keys(look_into) == [], "a write leaves none"
    users.find(user.id)
    assert keys(look_into) == [f"{{user:{user.id}}}:row:v"]
    assert 3230 <= look_into.ttl(place_of(look_into, user)) <= 3600


def test_someone_who_is_not_there_is_remembered_for_a_minute_at_most(users: Users, look_into: redis.Redis) -> None:
    assert users.find(999) is None
    ((key, life),) = [(key, look_into.pttl(key)) for key in look_into.scan_iter()]
    assert look_into.get(key) == b"[2,999,null]"
    assert 0 < life <= MISSING_SECONDS * 1000


def test_the_second_read_does_not_ask_postgresql(users: Users, plain: Users) -> None:
    user = users.add(a_new_user())
    users.find(user.id)
    users.find(999)
    plain.remove(user.id)
    assert users.find(user.id) == user
    assert users.find(999) is None


def test_every_write_removes_the_key(users: Users, look_into: redis.Redis) -> None:
    user = users.add(a_new_user())
    users.find(user.id)
    users.change(user.id, NewValues(name="Augusta"))
    assert keys(look_into) == []
    users.find(user.id)
    users.remove(user.id)
    assert keys(look_into) == []


def test_no_hash_of_a_password_is_ever_in_redis(users: Users, look_into: redis.Redis) -> None:
    user = users.add(a_new_user(password_hash="canary-hash"))
    users.find(user.id)
    assert "canary-hash" not in repr(look_into.get(place_of(look_into, user)))


@pytest.mark.parametrize(
    "entry", [b"", b"not JSON", b"[]", b"[0]", b"null", b'{"id": 1}', b"\xff", b"[" * 60_000, b"x" * 200_000]
)
def test_an_odd_entry_is_a_miss_and_is_replaced(
    users: Users, look_into: redis.Redis, entry: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    user = users.add(a_new_user())
    users.find(user.id)
    place = place_of(look_into, user)
    sound = look_into.get(place)
    look_into.set(place, entry)
    assert users.find(user.id) == user
    assert look_into.get(place) == sound
    assert '"CacheEntryRefused":1' in capsys.readouterr().out


def test_a_key_of_another_type_is_a_miss_and_is_replaced(
    users: Users, look_into: redis.Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    user = users.add(a_new_user())
    users.find(user.id)
    place = place_of(look_into, user)
    look_into.delete(place)
    look_into.rpush(place, "no string")
    assert users.find(user.id) == user
    assert look_into.type(place) == b"string"
    assert '"CacheEntryRefused":1' in capsys.readouterr().out


def test_the_entry_of_someone_else_is_a_miss(users: Users, look_into: redis.Redis) -> None:
    ada, bob = users.add(a_new_user()), users.add(a_new_user(email="bob@example.com"))
    for each in (ada, bob):
        users.find(each.id)
    look_into.rename(place_of(look_into, bob), place_of(look_into, ada))
    assert users.find(ada.id) == ada


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


def test_everything_works_when_redis_stops_in_mid_run(plain: Users, own_redis: RedisServer, database: Database) -> None:
    cache = Cache(own_redis.url)
    users = cached(plain, cache, database)
    user = users.add(a_new_user())
    users.find(user.id)
    own_redis.stop()
    assert users.find(user.id) == user
    changed = users.change(user.id, NewValues(name="Augusta"))
    assert users.find(user.id) == changed
    users.remove(user.id)
    assert users.find(user.id) is None
    cache.close()
