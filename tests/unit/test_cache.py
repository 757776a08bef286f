"""The cache while Redis is away: nothing raises, and the breaker decides when to ask again."""

from typing import Any

import pytest
import redis
from roster.infrastructure import cache as caches
from roster.infrastructure.cache import Breaker, Cache

from tests import environment


class FakeClock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        monkeypatch.setattr(caches, "time", self)

    def monotonic(self) -> float:
        return self.seconds


class FakeClient:
    """Redis as the cache asks it: fails as long as there is a *failure*."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.answer: Any = b"an entry"
        self.commands: list[tuple[Any, ...]] = []

    def execute_command(self, *command: Any) -> Any:
        self.commands.append(command)
        if self.failure:
            raise self.failure
        return self.answer

    def ping(self) -> Any:
        return self.execute_command("PING")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def cache(client: FakeClient, clock: FakeClock) -> Cache:
    made = Cache("redis://127.0.0.1:1")
    made._client = client  # type: ignore[assignment]
    return made


def test_a_breaker_is_closed_until_the_first_failure(clock: FakeClock) -> None:
    assert not Breaker().is_open()


def test_a_breaker_opens_for_two_seconds_and_twice_as_long_each_time_up_to_thirty(clock: FakeClock) -> None:
    breaker = Breaker()
    for seconds in (2, 4, 8, 16, 30, 30):
        breaker.failed()
        clock.seconds += seconds - 0.01
        assert breaker.is_open()
        clock.seconds += 0.01
        assert not breaker.is_open()


def test_failures_of_those_already_on_their_way_do_not_count(clock: FakeClock) -> None:
    breaker = Breaker()
    for _ in range(20):
        breaker.failed()
    clock.seconds += 2
    assert not breaker.is_open()


def test_a_success_starts_the_count_anew(clock: FakeClock) -> None:
    breaker = Breaker()
    for _ in range(3):
        breaker.failed()
        clock.seconds += 30
    breaker.succeeded()
    breaker.failed()
    clock.seconds += 2
    assert not breaker.is_open()


def test_the_commands_are_sent_as_they_are_meant(cache: Cache, client: FakeClient) -> None:
    assert cache.get("user:1") == b"an entry"
    cache.set("user:1", b"x", 3600)
    assert cache.delete("user:1")
    assert client.commands == [("GET", "user:1"), ("SET", "user:1", b"x", "EX", 3600), ("DEL", "user:1")]


@pytest.mark.parametrize(
    "failure",
    [redis.ConnectionError, redis.TimeoutError, redis.ResponseError, redis.AuthenticationError, redis.ReadOnlyError],
)
def test_a_cache_that_fails_holds_nothing_and_raises_nothing(
    failure: type[Exception], cache: Cache, client: FakeClient, clock: FakeClock
) -> None:
    client.failure = failure("s3cret")
    assert cache.get("user:1") is None
    clock.seconds += 31
    cache.set("user:1", b"x", 60)
    clock.seconds += 31
    assert not cache.delete("user:1")
    assert not cache.ping()


def test_after_a_failure_the_cache_is_not_asked_for_a_while(cache: Cache, client: FakeClient, clock: FakeClock) -> None:
    client.failure = redis.ConnectionError("refused")
    for _ in range(5):
        assert cache.get("user:1") is None
    assert not cache.delete("user:1")
    assert len(client.commands) == 1
    client.failure = None
    clock.seconds += 2
    assert cache.get("user:1") == b"an entry"


def test_a_command_that_redis_refuses_does_not_stop_the_others(cache: Cache, client: FakeClient) -> None:
    client.failure = redis.ResponseError("WRONGTYPE")
    assert cache.get("user:1") is None
    client.failure = None
    assert cache.get("user:2") == b"an entry"


def test_a_ping_asks_whatever_the_breaker_says(cache: Cache, client: FakeClient) -> None:
    client.failure = redis.ConnectionError("refused")
    cache.get("user:1")
    client.failure = None
    assert cache.ping()


@pytest.mark.parametrize("answer", [None, 5, "text", []])
def test_an_answer_that_is_no_entry_is_none(answer: Any, cache: Cache, client: FakeClient) -> None:
    client.answer = answer
    assert cache.get("user:1") is None


def test_a_failure_is_told_by_its_type_only(
    cache: Cache, client: FakeClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.failure = redis.ConnectionError("redis://user:s3cret@cache:6379 refused")
    cache.get("user:1")
    written = capsys.readouterr().out
    (line,) = environment.lines_of(written)
    assert (line["CacheAway"], line["level"], line["error_type"]) == (1, "WARNING", "ConnectionError")
    assert "s3cret" not in written
