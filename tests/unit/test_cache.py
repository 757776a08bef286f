"""The cache while Redis is away: nothing raises, and the breaker decides when to ask again."""

import pytest
import redis
from roster.infrastructure import cache as caches
from roster.infrastructure.cache import Breaker, Cache
from roster.infrastructure.scripts import Call, Command, Script

from tests import environment

ASK = Call(Script("return 'an answer'"))


class FakeClock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        monkeypatch.setattr(caches, "time", self)

    def monotonic(self) -> float:
        return self.seconds


class MortalCache(Cache):
    """Has a Redis that answers *answer* to everything, and fails as long as there is a *failure*."""

    def __init__(self) -> None:
        super().__init__("redis://127.0.0.1:1")
        self.failure: Exception | None = None
        self.answer: object = b"an answer"
        self.sent: list[list[Command]] = []

    def _exchanged(self, commands: list[Command]) -> list[object]:
        self.sent.append(commands)
        if self.failure:
            raise self.failure
        return [self.answer] * len(commands)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


@pytest.fixture
def cache(clock: FakeClock) -> MortalCache:
    return MortalCache()


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


@pytest.mark.parametrize(
    "failure",
    [redis.ConnectionError, redis.TimeoutError, redis.ResponseError, redis.AuthenticationError, redis.ReadOnlyError],
)
def test_a_cache_that_fails_has_no_answer_and_raises_nothing(failure: type[Exception], cache: MortalCache) -> None:
    cache.failure = failure("s3cret")
    assert cache.run(ASK, ASK) == (None, None)
    assert cache.insist(ASK) == (None,)
    assert not cache.ping(), "nobody listens there"


def test_after_a_failure_redis_is_not_asked_for_a_while(cache: MortalCache, clock: FakeClock) -> None:
    cache.failure = redis.ConnectionError("refused")
    for _ in range(5):
        assert cache.run(ASK) == (None,)
    assert len(cache.sent) == 1
    cache.failure = None
    assert cache.run(ASK) == (None,)
    clock.seconds += 2
    assert cache.run(ASK) == (b"an answer",)


def test_who_insists_asks_whatever_the_breaker_says(cache: MortalCache) -> None:
    cache.failure = redis.ConnectionError("refused")
    cache.run(ASK)
    cache.failure = None
    assert cache.run(ASK) == (None,)
    assert cache.insist(ASK) == (b"an answer",)


def test_a_command_that_redis_refuses_does_not_stop_the_others(cache: MortalCache) -> None:
    cache.failure = redis.ResponseError("WRONGTYPE")
    assert cache.run(ASK) == (None,)
    cache.failure = None
    assert cache.run(ASK) == (b"an answer",)


def test_a_failure_is_told_by_its_type_only(cache: MortalCache, capsys: pytest.CaptureFixture[str]) -> None:
    cache.failure = redis.ConnectionError("redis://user:s3cret@cache:6379 refused")
    cache.run(ASK)
    written = capsys.readouterr().out
    (line,) = environment.lines_of(written)
    assert (line["CacheAway"], line["level"], line["error_type"]) == (1, "WARNING", "ConnectionError")
    assert "s3cret" not in written
