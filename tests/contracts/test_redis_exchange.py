"""What Redis replies to a script is what redis-py says it replied, on either version of its protocol."""

import pytest
import redis
from roster.infrastructure.redis_exchange import packed, replies
from roster.infrastructure.scripts import Call, Script

pytestmark = pytest.mark.integration

SCRIPTS = [
    "return redis.status_reply('FINE')",
    "return redis.error_reply('WRONG not this')",
    "return {1, 'two', {3, {}}, false}",
    "return nil",
    "return false",
    "return -7",
    "return string.rep('x', 200000)",
    "return 'a\\r\\nb\\0'",
    "return redis.call('LPUSH', KEYS[1], 'a') + redis.call('INCR', KEYS[1])",
    "no lua",
]


def told(reply: object) -> object:
    return (type(reply), str(reply)) if isinstance(reply, Exception) else reply


@pytest.mark.parametrize("protocol", [2, 3])
def test_replies_are_those_of_redis_py(protocol: int, redis_url: str) -> None:
    commands = [Call(Script(source), ("key",)).in_full for source in SCRIPTS] + [
        Call(Script("return 'never seen'")).by_sha,
        ("GET", "nothing there"),
        ("NOSUCHCOMMAND",),
    ]
    with redis.Redis.from_url(redis_url, protocol=protocol) as client:
        pipeline = client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        expected = pipeline.execute(raise_on_error=False)
        client.flushdb()
        connection = client.connection_pool.get_connection()
        connection.send_packed_command([packed(commands)])
        found = replies(connection._sock, len(commands))
        client.connection_pool.release(connection)
    assert [told(reply) for reply in found] == [_without_prefix(told(reply)) for reply in expected]


def _without_prefix(reply: object) -> object:
    """A pipeline says in each error which command it was; take that away."""
    if isinstance(reply, tuple):
        kind, text = reply
        return kind, text.partition("caused error: ")[2] or text
    return reply
