"""The contract of the scripts behind the fence, on the fake and on a real Redis."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
import redis
from roster.infrastructure import fence_scripts
from roster.infrastructure.cache import Cache
from roster.infrastructure.scripts import Call, ScriptRunner

from local.processes import keep_going, wait_until
from tests.fake_fence import FakeClock, FakeFenceRedis
from tests.servers import redis_server

KEYS = fence_scripts.keys_of("{user:1}:standing", 7)


class Subject(NamedTuple):
    """A Redis, how to let time pass for it, and its name."""

    redis: ScriptRunner
    wait: Callable[[float], None]
    server_id: str

    def run(self, call: Call) -> object:
        (answer,) = self.redis.run(call)
        return answer

    def get(self, token: str = "t", *, anew: bool = False, keys: tuple[str, ...] = KEYS) -> object:
        return self.run(fence_scripts.get(keys, self.server_id, token, anew=anew))

    def fill(self, value: bytes, token: str = "t", life_ms: int = 60_000) -> object:
        return self.run(fence_scripts.fill(KEYS, self.server_id, token, life_ms, value))


def _subject(runner: ScriptRunner, wait: Callable[[float], None]) -> Subject:
    (server_id,) = runner.run(Call(fence_scripts.IDENTIFY))
    assert isinstance(server_id, bytes)
    assert server_id
    return Subject(runner, wait, server_id.decode())


@pytest.fixture(params=["fake", pytest.param("redis", marks=pytest.mark.integration)])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "fake":
        clock = FakeClock()
        yield _subject(FakeFenceRedis(clock), clock.pass_by)
        return
    yield _subject(request.getfixturevalue("cache"), time.sleep)


def test_what_was_filled_under_a_lease_is_a_hit(subject: Subject) -> None:
    assert subject.get("t") == [b"miss", b"t"]
    assert subject.fill(b"\x00\xff value", "t") == 1
    assert subject.get("u") == [b"hit", b"\x00\xff value"]


def test_one_lease_is_granted_at_a_time(subject: Subject) -> None:
    subject.get("t")
    assert subject.get("u") == [b"miss", b""]
    assert subject.fill(b"value", "u") == 0
    assert subject.fill(b"value", "t") == 1
    assert subject.fill(b"again", "t") == 0, "it was spent"


def test_a_lease_that_was_given_back_is_granted_to_the_next_one(subject: Subject) -> None:
    subject.get("t")
    assert subject.run(fence_scripts.give_back(KEYS, "u")) == 0, "it is somebody else's"
    assert subject.get("u") == [b"miss", b""]
    assert subject.run(fence_scripts.give_back(KEYS, "t")) == 1
    assert subject.get("u") == [b"miss", b"u"]
    assert subject.run(fence_scripts.give_back(KEYS, "t")) == 0
    assert subject.fill(b"value", "t") == 0
    assert subject.fill(b"value", "u") == 1


def test_who_gives_back_takes_no_value_away(subject: Subject) -> None:
    subject.get("t")
    subject.fill(b"value", "t")
    assert subject.run(fence_scripts.give_back(KEYS, "t")) == 0
    assert subject.get("u") == [b"hit", b"value"]


def test_a_lease_ends_after_a_second(subject: Subject) -> None:
    subject.get("t")
    subject.wait(fence_scripts.FILL_LEASE_MS / 1000 + 0.05)
    assert subject.fill(b"value", "t") == 0
    assert subject.get("u") == [b"miss", b"u"]


def test_a_value_lives_from_its_lease_on(subject: Subject) -> None:
    subject.get("t")
    subject.wait(0.4)
    subject.fill(b"value", "t", life_ms=1_700)
    assert subject.get("u") == [b"hit", b"value"]
    subject.wait(1.4)
    assert subject.get("u") == [b"miss", b"u"]


def test_a_write_takes_lease_and_value_away_and_keeps_others_from_filling(subject: Subject) -> None:
    subject.get("t")
    subject.fill(b"value", "t")
    assert subject.run(fence_scripts.begin(KEYS, "w")) == subject.server_id.encode()
    assert subject.get("u") == [b"being written"]
    assert subject.fill(b"value", "t") == 0
    assert subject.run(fence_scripts.end(KEYS, "w")) == subject.server_id.encode()
    assert subject.get("u") == [b"miss", b"u"]


def test_the_end_of_a_write_takes_a_lease_away_too(subject: Subject) -> None:
    subject.get("t")
    subject.run(fence_scripts.end(KEYS, "w"))
    assert subject.fill(b"value", "t") == 0


def test_of_two_writes_the_last_to_end_opens_the_door(subject: Subject) -> None:
    subject.run(fence_scripts.begin(KEYS, "one"))
    subject.run(fence_scripts.begin(KEYS, "two"))
    subject.run(fence_scripts.end(KEYS, "one"))
    assert subject.get() == [b"being written"]
    subject.run(fence_scripts.end(KEYS, "two"))
    assert subject.get() == [b"miss", b"t"]


def test_the_intent_of_who_never_ends_runs_out(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fence_scripts, "WRITE_INTENT_MS", 1_000)
    subject.run(fence_scripts.begin(KEYS, "w"))
    assert subject.get() == [b"being written"]
    subject.wait(1.05)
    assert subject.get() == [b"miss", b"t"]


def test_a_value_can_be_asked_for_anew(subject: Subject) -> None:
    subject.get("t")
    subject.fill(b"value", "t")
    assert subject.get("u", anew=True) == [b"miss", b"u"]
    assert subject.fill(b"better", "u") == 1
    assert subject.get() == [b"hit", b"better"]


def test_epochs_and_keys_know_nothing_of_each_other(subject: Subject) -> None:
    subject.get("t")
    subject.fill(b"value", "t")
    for other in (fence_scripts.keys_of("{user:1}:standing", 8), fence_scripts.keys_of("{user:11}:standing", 7)):
        assert subject.get("u", keys=other) == [b"miss", b"u"]


def test_who_means_another_server_is_told_which_this_is(subject: Subject) -> None:
    elsewhere = subject._replace(server_id="elsewhere")
    assert elsewhere.get() == [b"other server", subject.server_id.encode()]
    subject.get("t")
    assert elsewhere.fill(b"value", "t") == 0


@pytest.fixture
def real(cache: Cache) -> Subject:
    return _subject(cache, time.sleep)


@pytest.mark.integration
def test_every_key_runs_out_by_itself(real: Subject, redis_url: str) -> None:
    real.get("t")
    real.fill(b"value", "t")
    real.get("u", keys=fence_scripts.keys_of("{user:2}:standing", 7))
    real.run(fence_scripts.begin(fence_scripts.keys_of("{user:3}:standing", 7), "w"))
    with redis.Redis.from_url(redis_url) as client:
        lives = {key: client.pttl(key) for key in client.scan_iter()}
    assert len(lives) == 3
    assert all(life > 0 for life in lives.values())


def test_a_value_may_be_long_but_not_longer_than_any_of_ours(subject: Subject) -> None:
    for length, answer in ((0, b"hit"), (1, b"odd")):
        subject.get("t", anew=True)
        value = b"x" * (fence_scripts.VALUE_BYTES_MAX + length)
        assert subject.fill(value, "t") == 1
        assert subject.get("u") == [answer, value if answer == b"hit" else b"u"]
    assert subject.fill(b"value", "u") == 1
    assert subject.get() == [b"hit", b"value"]


@pytest.mark.integration
def test_a_value_of_another_type_is_odd_and_is_replaced(real: Subject, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.rpush(KEYS[0], "no string")
    assert real.get("t") == [b"odd", b"t"]
    assert real.fill(b"value", "t") == 1
    assert real.get("u") == [b"hit", b"value"]


@pytest.mark.integration
@pytest.mark.parametrize("lease", ["a list", "one for ever", "a long one"])
def test_a_lease_that_none_of_ours_can_have_is_granted_anew(lease: str, real: Subject, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        if lease == "a list":
            client.rpush(KEYS[1], "no string")
        else:
            client.set(KEYS[1], "t", px=60_000 if lease == "a long one" else None)
    assert real.fill(b"value", "other") == 0
    assert real.get("u") == [b"miss", b"u"]
    assert real.get("v") == [b"miss", b""]
    assert real.fill(b"value", "u") == 1


@pytest.mark.integration
@pytest.mark.parametrize("step", ["get", "fill", "begin", "end"])
def test_intents_of_another_type_are_none_and_stop_nobody(step: str, real: Subject, redis_url: str) -> None:
    real.get("t")
    with redis.Redis.from_url(redis_url) as client:
        client.set(KEYS[2], "no sorted set")
    steps: dict[str, Callable[[], object]] = {
        "get": lambda: real.get("u") == [b"miss", b""],
        "fill": lambda: real.fill(b"value", "t") == 1,
        "begin": lambda: real.run(fence_scripts.begin(KEYS, "w")) == real.server_id.encode(),
        "end": lambda: real.run(fence_scripts.end(KEYS, "w")) == real.server_id.encode(),
    }
    assert steps[step]()


@pytest.mark.integration
def test_every_server_has_a_name_of_its_own_and_a_promoted_replica_a_new_one() -> None:
    with redis_server() as primary, redis_server() as server, closing(Cache(server.url)) as cache:
        before = _subject(cache, time.sleep).server_id
        with redis.Redis.from_url(server.url) as replica:
            followed = urlsplit(primary.url)
            replica.config_set("masterauth", followed.password)
            replica.replicaof("127.0.0.1", followed.port)
            assert wait_until(lambda: replica.info("replication")["master_link_status"] == "up", 10, keep_going)
            assert cache.run(Call(fence_scripts.IDENTIFY)) == (b"",), "a replica is nobody"
            assert cache.run(fence_scripts.begin(KEYS, "w")) == (None,), "and writes nothing"
            replica.replicaof("NO", "ONE")
        with closing(Cache(primary.url)) as other:
            names = {before, _subject(cache, time.sleep).server_id, _subject(other, time.sleep).server_id}
        assert len(names) == 3
