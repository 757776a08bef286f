"""Faults of Redis: away, silent, slow, of another mind."""

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

import redis

from tests.faults.fault import Fault, Step, fault, nothing
from tests.faults.redis_pair import PASSWORD
from tests.faults.stage import Stage
from tests.faults.way_faults import late, on_all, refusing, swallowing

_PAUSE_MS = 300

redis_fault = functools.partial(fault, of="Redis", disturbs=True, felt=False)
_on_all_ways = functools.partial(on_all, ways=Stage.ways_to_redis, mend=Stage.lead_to_redis)


refused = redis_fault("F1", "Redis refuses connections")(_on_all_ways(refusing))
swallowed = redis_fault("F2", "Redis answers nothing")(_on_all_ways(swallowing))
delayed = redis_fault("F2", "Redis answers 500 ms late")(_on_all_ways(late(0.5)))


@redis_fault("F2", "Redis pauses all clients")
def pauses(stage: Stage) -> Iterator[Step]:
    client = stage.redis.first.client
    yield lambda: client.client_pause(_PAUSE_MS)
    client.client_unpause()


@redis_fault("F3", "Redis is full")
def full(stage: Stage) -> Iterator[Step]:
    client = stage.redis.first.client
    before: Any = client.config_get("maxmemory*")
    client.config_set("maxmemory-policy", "noeviction")
    client.config_set("maxmemory", "1")
    yield nothing
    client.config_set("maxmemory", before["maxmemory"])
    client.config_set("maxmemory-policy", before["maxmemory-policy"])


@redis_fault("F3", "Redis is a replica, which may not be written")
def read_only(stage: Stage) -> Iterator[Step]:
    for way in stage.ways_to_redis():
        stage.ways.point_to(way, stage.redis.second.port)
    yield nothing
    stage.lead_to_redis()


@redis_fault("F3", "Redis takes another password")
def another_password(stage: Stage) -> Iterator[Step]:
    client = stage.redis.first.client
    client.config_set("requirepass", "another")
    for way in stage.ways_to_redis():
        stage.ways.cut(way)
    yield nothing
    client.auth("another")
    client.config_set("requirepass", PASSWORD)
    stage.lead_to_redis()


@redis_fault("F3", "values of another type")
def wrong_type(stage: Stage) -> Iterator[Step]:
    client = stage.redis.first.client

    def replace() -> None:
        for key in _some(client, stage):
            client.delete(key)
            with contextlib.suppress(redis.ResponseError):  # somebody was faster
                client.lpush(key, "of another type")

    yield replace


@redis_fault("F4", "Redis fails over and loses the last writes", seconds=5)
def loses_writes(stage: Stage) -> Iterator[Step]:
    stage.redis.second.lead()
    stage.wait(1.0)
    stage.redis.fail_over()
    stage.lead_to_redis()
    yield nothing
    stage.redis.rebuild()


@redis_fault("F4", "two Redis servers lead at once", seconds=5)
def split_brain(stage: Stage) -> Iterator[Step]:
    stage.redis.second.lead()
    for each in stage.environments[::2]:
        stage.ways.point_to(each.way_to_redis, stage.redis.second.port)
    yield nothing
    stage.redis.fail_over()
    stage.lead_to_redis()
    stage.wait(1.0)
    stage.redis.rebuild()


@redis_fault("F5", "Redis evicts what it likes")
def evicts(stage: Stage) -> Iterator[Step]:
    client = stage.redis.first.client

    def evict() -> None:
        for key in _some(client, stage, "*"):
            client.delete(key)

    yield evict


@redis_fault("F5", "Redis forgets everything")
def forgets(stage: Stage) -> Iterator[Step]:
    stage.redis.first.client.flushall()
    yield nothing


@redis_fault("F24", "Redis forgets everything again and again, while all read the same")
def herd(stage: Stage) -> Iterator[Step]:
    yield stage.redis.first.client.flushall


@redis_fault("F21", "Redis is out of reach of one writer", seconds=6)
def one_writer_cut_off(stage: Stage) -> Iterator[Step]:
    writer = stage.chance.choice(stage.writers)
    stage.ways.point_to(writer.way_to_redis, None)
    yield nothing
    stage.lead_to_redis()


@redis_fault("F10", "connections to Redis are killed all the time")
def connections_killed(stage: Stage) -> Iterator[Step]:
    yield lambda: stage.redis.first.client.client_kill_filter(_type="normal", skipme=True)


@redis_fault("F19", "poisoned entries")
def poisoned(stage: Stage) -> Iterator[Step]:
    client = stage.redis.first.client
    schema = b"[0, 1, 2]"

    def poison() -> None:
        values = []
        for key in _some(client, stage):
            with contextlib.suppress(redis.ResponseError):  # another fault left a value of another type
                values.append(client.get(key) or b"")
        bad = [b"{", b"", schema, b"[" * 100_000, b'{"a": ' + b"1" * 500_000 + b"}", b"\xff\xfe", *values]
        for key in _some(client, stage):
            client.set(key, stage.chance.choice(bad), px=60_000)

    yield poison


def _some(client: "redis.Redis", stage: Stage, pattern: str = "*:v") -> list[bytes]:
    """Return some keys of values that are there."""
    found = list(client.scan_iter(pattern, count=1000))
    return stage.chance.sample(found, min(len(found), 10))


ALL: list[Fault] = [each for each in list(vars().values()) if isinstance(each, Fault)]
