"""The cache's user, on a real Redis: it may do all that the layer sends, on the keys of the layer, and nothing else."""

import re
from collections.abc import Iterator

import pytest
import redis
from redis.exceptions import NoPermissionError
from roster.infrastructure import fence_scripts
from roster.infrastructure.cache import Cache
from roster.infrastructure.rate_limits import script
from roster.infrastructure.rate_limits.models import Bucket, Policy
from roster.infrastructure.scripts import Call, Script
from roster.sessions import cached
from roster.users import entries

from tests import cache_user

pytestmark = pytest.mark.integration

KEYS = fence_scripts.keys_of(cached.key_of(1), 7)
ROW = fence_scripts.keys_of(entries.key_of(1), 7)
BUCKET = Bucket(Policy("hourly", 10, 3600), "ada")
COMMANDS = re.findall(r"\+(\S+)", cache_user.granted())


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(cache_user.with_rights(redis_url, cache_user.granted())) as client:
        yield client


def conversation(url: str) -> dict[str, bool]:
    """Return what the layer does on a cache, and whether it was done."""
    cache = Cache(url)
    try:
        (server_id,) = cache.run(Call(fence_scripts.IDENTIFY))
        name = server_id.decode() if isinstance(server_id, bytes) else ""
        return {
            "answers": cache.ping(),
            "says which it is": name != "",
            "remembers rows": cache.run(fence_scripts.get(ROW, name, "t", anew=False)) == ([b"miss", b"t"],),
            "leases": cache.run(fence_scripts.get(KEYS, name, "t", anew=True)) == ([b"miss", b"t"],),
            "fills": cache.run(fence_scripts.fill(KEYS, name, "t", 60_000, b"value")) == (1,),
            "hits": cache.run(fence_scripts.get(KEYS, name, "u", anew=False)) == ([b"hit", b"value"],),
            "announces": cache.run(fence_scripts.begin(KEYS, "w")) == (server_id,),
            "ends": cache.run(fence_scripts.end(KEYS, "w")) == (server_id,),
            "counts": script.judge([BUCKET], cache.run(script.ask([BUCKET]))[0]) is not None,
            "runs twice": cache.run(Call(fence_scripts.IDENTIFY)) == (server_id,),
        }
    finally:
        cache.close()


def undone(redis_url: str, rights: str) -> list[str]:
    """Return what the layer cannot do with *rights* on a Redis that has not seen its scripts."""
    with redis.Redis.from_url(redis_url) as admin:
        admin.script_flush()
    return [name for name, is_done in conversation(cache_user.with_rights(redis_url, rights)).items() if not is_done]


def test_the_layer_may_do_all_it_does(redis_url: str) -> None:
    assert undone(redis_url, cache_user.granted()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_layer_needs_each_command_that_is_granted(command: str, redis_url: str) -> None:
    assert undone(redis_url, f"{cache_user.granted()} -{command}") != []


@pytest.mark.parametrize("pattern", re.findall(r"~(\S+)", cache_user.granted()))
def test_the_layer_needs_each_pattern_of_keys_that_is_granted(pattern: str, redis_url: str) -> None:
    assert undone(redis_url, cache_user.granted().replace(f"~{pattern} ", "", 1)) != []


@pytest.mark.parametrize(
    "command",
    [
        "FLUSHALL",
        "FLUSHDB",
        "KEYS *",
        "SCAN 0",
        "CONFIG GET *",
        "ACL LIST",
        "CLIENT LIST",
        "MONITOR",
        "SCRIPT FLUSH",
        "DEBUG SLEEP 0",
        "SHUTDOWN NOSAVE",
        "REPLICAOF NO ONE",
        "PUBLISH channel word",
        "EXPIRE {user:1}:row:7:v 60",
        "GETSET {user:1}:row:7:v other",
        "GET user:1",
        "GET orders:1",
        "SET session 1",
        "DEL {users}:1",
        "GET {user:1}:other",
        "GET {limits}",
    ],
)
def test_nothing_else_is_allowed(command: str, client: redis.Redis) -> None:
    with pytest.raises(NoPermissionError):
        client.execute_command(*command.split())  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("command", ["'FLUSHALL'", "'KEYS', '*'", "'CONFIG', 'GET', '*'", "'GET', 'orders:1'"])
def test_nothing_else_is_allowed_inside_a_script(command: str, redis_url: str) -> None:
    allowed, refused = Script("return redis.call('PING')"), Script(f"return redis.call({command})")
    cache = Cache(cache_user.with_rights(redis_url, cache_user.granted()))
    assert cache.run(Call(allowed), Call(refused)) == (b"PONG", None)
    cache.close()


def test_who_has_no_password_gets_in_nowhere(redis_url: str) -> None:
    url = cache_user.with_rights(redis_url, cache_user.granted())
    guessing = redis.Redis.from_url(re.sub(r"limited:[^@]+@", "limited:guessed@", url))
    with guessing as client, pytest.raises(redis.AuthenticationError):
        client.ping()
