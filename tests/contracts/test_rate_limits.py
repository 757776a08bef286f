"""The contract of `Buckets`, in memory, on Redis and its imitation, and on PostgreSQL."""

import time
from collections.abc import Iterator, Sequence
from typing import cast

import pytest
import redis
from roster.infrastructure.cache import Cache
from roster.infrastructure.database import Database
from roster.infrastructure.rate_limits import script
from roster.infrastructure.rate_limits.memory import MemoryBuckets
from roster.infrastructure.rate_limits.models import Bucket, Buckets, Policy, Verdict
from roster.infrastructure.rate_limits.postgres import PostgresBuckets

from tests.fakes import FakeCache
from tests.racing import race
from tests.servers import Servers, execute

HOURLY = Policy("hourly", 10, 3600)
QUICK = Policy("quick", 2, 1)
ADA, BOB = Bucket(HOURLY, "ada"), Bucket(HOURLY, "bob")


class ScriptedBuckets(Buckets):
    """What the gate does with Redis: ask, and judge the answer."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache

    def take(self, buckets: Sequence[Bucket]) -> list[Verdict]:
        (answer,) = self.cache.run(script.ask(buckets))
        verdicts = script.judge(buckets, answer)
        assert verdicts is not None, "the script ran"
        return verdicts


@pytest.fixture(
    params=[
        "memory",
        "fake redis",
        pytest.param("redis", marks=pytest.mark.integration),
        pytest.param("postgres 16", marks=pytest.mark.integration),
        pytest.param("postgres 18", marks=pytest.mark.integration),
    ]
)
def buckets(request: pytest.FixtureRequest) -> Iterator[Buckets]:
    if request.param == "memory":
        yield MemoryBuckets()
    elif request.param == "fake redis":
        yield ScriptedBuckets(cast(Cache, FakeCache()))
    elif request.param == "redis":
        yield ScriptedBuckets(request.getfixturevalue("cache"))
    else:
        servers: Servers = request.getfixturevalue("servers")
        yield from on_postgres(servers.postgres(int(request.param[-2:])).emptied())


def on_postgres(url: str) -> Iterator[PostgresBuckets]:
    database = Database(url, pool_max=20, idle_seconds=30)
    yield PostgresBuckets(lambda: database)
    database.close()


def taken(buckets: Buckets, times: int, *asked: Bucket) -> list[bool]:
    return [all(verdict.is_admitted for verdict in buckets.take(asked)) for _ in range(times)]


def test_as_many_are_admitted_as_the_bucket_holds_and_no_more(buckets: Buckets) -> None:
    assert taken(buckets, 13, ADA) == [True] * 10 + [False] * 3


def test_each_holder_and_each_policy_has_a_bucket_of_its_own(buckets: Buckets) -> None:
    taken(buckets, 10, ADA)
    assert taken(buckets, 11, BOB) == [True] * 10 + [False]
    assert taken(buckets, 1, Bucket(Policy("other", 10, 3600), "ada")) == [True]


def test_a_verdict_says_what_remains_and_when_there_is_more(buckets: Buckets) -> None:
    verdicts = [buckets.take([ADA])[0] for _ in range(12)]
    assert [verdict.remaining for verdict in verdicts] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]
    assert {verdict.policy for verdict in verdicts} == {HOURLY}
    # Since the first request the next one has been on its way, which takes six minutes.
    assert all(350 <= verdict.wait_seconds <= 360 for verdict in verdicts)


def test_a_bucket_fills_up_again_evenly(buckets: Buckets) -> None:
    quick = Bucket(QUICK, "ada")
    assert taken(buckets, 3, quick) == [True, True, False]
    time.sleep(0.6)
    assert taken(buckets, 2, quick) == [True, False]
    time.sleep(1.2)
    assert taken(buckets, 3, quick) == [True, True, False], "it never holds more than its quota"


def test_waiting_as_long_as_told_is_long_enough(buckets: Buckets) -> None:
    quick = Bucket(Policy("quick", 2, 2), "ada")
    taken(buckets, 2, quick)
    (refusal,) = buckets.take([quick])
    assert (refusal.is_admitted, refusal.wait_seconds) == (False, 1)
    time.sleep(refusal.wait_seconds)
    assert taken(buckets, 1, quick) == [True]


def test_of_several_buckets_all_are_taken_from_or_none(buckets: Buckets) -> None:
    few = Bucket(Policy("few", 2, 3600), "ada")
    assert taken(buckets, 4, ADA, few) == [True, True, False, False]
    wide, narrow = buckets.take([ADA, few])
    assert (wide.is_admitted, wide.remaining) == (True, 8), "the refused ones cost nothing"
    assert (narrow.is_admitted, narrow.remaining) == (False, 0)
    assert taken(buckets, 9, ADA) == [True] * 8 + [False]


@pytest.mark.parametrize("swapped", [False, True])
def test_verdicts_come_in_the_order_of_the_buckets(swapped: bool, buckets: Buckets) -> None:
    few = Bucket(Policy("few", 2, 3600), "ada")
    asked = [few, ADA] if swapped else [ADA, few]
    assert [verdict.policy for verdict in buckets.take(asked)] == [bucket.policy for bucket in asked]


def test_of_many_at_once_as_many_are_admitted_as_the_bucket_holds(buckets: Buckets) -> None:
    outcomes = race(32, lambda number: taken(buckets, 1, ADA)[0])
    assert outcomes.count(True) == 10


def test_many_who_take_from_the_same_buckets_in_different_orders_do_not_wait_for_each_other_for_ever(
    buckets: Buckets,
) -> None:
    both = [Bucket(Policy("wide", 1000, 3600), holder) for holder in ("ada", "bob")]
    outcomes = race(16, lambda number: taken(buckets, 5, *both[:: 1 if number % 2 else -1]))
    assert outcomes == [[True] * 5] * 16
    assert {verdict.remaining for verdict in buckets.take(both)} == {1000 - 16 * 5 - 1}


@pytest.mark.parametrize("entry", ["99999999999999999", "-1", "nan", "inf", "0x7fffffffffffff", "nonsense", ""])
@pytest.mark.integration
def test_an_entry_that_no_clock_of_ours_wrote_is_a_full_bucket(entry: str, cache: Cache, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set("{limits}:hourly:ada", entry)
    assert taken(ScriptedBuckets(cache), 11, ADA) == [True] * 10 + [False]


@pytest.mark.integration
def test_a_key_of_another_type_is_no_answer(cache: Cache, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.hset("{limits}:hourly:ada", "field", "value")
    assert cache.run(script.ask([ADA])) == (None,)
    assert script.judge([ADA], None) is None


@pytest.mark.integration
def test_an_entry_lives_until_its_bucket_is_full(cache: Cache, redis_url: str) -> None:
    taken(ScriptedBuckets(cache), 3, ADA)
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys("*") == [b"{limits}:hourly:ada"]
        assert 3 * 360_000 - 10_000 < client.pttl("{limits}:hourly:ada") <= 3 * 360_000


@pytest.mark.integration
def test_a_bucket_written_by_another_clock_is_full(servers: Servers) -> None:
    url = servers.postgres(18).emptied()
    for buckets in on_postgres(url):
        taken(buckets, 10, ADA)
        execute(url, "UPDATE rate_limits SET full_at = full_at + interval '1 day'")
        assert taken(buckets, 11, ADA) == [True] * 10 + [False]


@pytest.mark.integration
def test_buckets_that_are_full_again_are_removed_and_none_names_its_holder(servers: Servers) -> None:
    url = servers.postgres(18).emptied()
    for buckets in on_postgres(url):
        for number in range(50):
            taken(buckets, 1, Bucket(HOURLY, f"203.0.113.{number}"))
        execute(url, "UPDATE rate_limits SET full_at = now() - interval '1 second'")
        taken(buckets, 6, ADA)
        ((row,),) = execute(url, "SELECT rate_limits::text FROM rate_limits")
        assert "ada" not in str(row)


def test_memory_is_bounded_and_forgets_what_was_used_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roster.infrastructure.rate_limits.memory.BUCKETS_MAX", 3)
    buckets = MemoryBuckets()
    taken(buckets, 10, ADA)
    for number in range(2):
        taken(buckets, 1, Bucket(HOURLY, f"user-{number}"))
    assert taken(buckets, 1, ADA) == [False]
    taken(buckets, 1, BOB)
    assert len(buckets._full_at_us) == 3
    assert taken(buckets, 1, ADA) == [True]
