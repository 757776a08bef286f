"""Scripts sent to Redis: one round trip, by digest, in full only where Redis has to learn one."""

from typing import Any

import pytest
import redis
from redis.exceptions import NoScriptError
from roster.infrastructure.cache import Cache
from roster.infrastructure.scripts import Call, Script

from tests import environment

ONE = Call(Script("return 1"), ("key",), (5, b"x"))
TWO = Call(Script("return 2"))


class FakePipeline:
    """Answers as Redis would that has *seen* some scripts; fails as long as there is a *failure*."""

    def __init__(self) -> None:
        self.seen = {ONE.script.sha, TWO.script.sha}
        self.refused: set[str] = set()
        self.failure: Exception | None = None
        self.failure_of_eval: Exception | None = None
        self.trips: list[list[tuple[Any, ...]]] = []

    def pipeline(self, *, transaction: bool) -> "FakePipeline":
        assert not transaction
        self.queued: list[tuple[Any, ...]] = []
        return self

    def execute_command(self, *command: Any) -> None:
        self.queued.append(command)

    def execute(self, *, raise_on_error: bool) -> list[Any]:
        assert not raise_on_error
        self.trips.append(self.queued)
        failure = self.failure_of_eval if self.queued[0][0] == "EVAL" else self.failure
        if failure:
            raise failure
        return [self._answer(*command[:2]) for command in self.queued]

    def _answer(self, name: str, script: str) -> Any:
        if name == "EVALSHA" and script not in self.seen:
            return NoScriptError("No matching script.")
        if script in self.refused:
            return redis.ResponseError("READONLY")
        return f"{name} {script}".encode()


@pytest.fixture
def client() -> FakePipeline:
    return FakePipeline()


@pytest.fixture
def cache(client: FakePipeline) -> Cache:
    made = Cache("redis://127.0.0.1:1")
    made._client = client  # type: ignore[assignment]
    return made


def test_the_digest_is_the_one_that_redis_computes() -> None:
    assert ONE.script.sha == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"


def test_calls_of_scripts_that_redis_has_seen_are_one_round_trip(cache: Cache, client: FakePipeline) -> None:
    answers = cache.run(ONE, TWO)
    assert client.trips == [[("EVALSHA", ONE.script.sha, 1, "key", 5, b"x"), ("EVALSHA", TWO.script.sha, 0)]]
    assert answers == (f"EVALSHA {ONE.script.sha}".encode(), f"EVALSHA {TWO.script.sha}".encode())


def test_only_the_scripts_that_redis_has_not_seen_are_sent_in_full(cache: Cache, client: FakePipeline) -> None:
    client.seen = {ONE.script.sha}
    answers = cache.run(ONE, TWO, ONE)
    assert client.trips[1:] == [[("EVAL", "return 2", 0)]]
    assert answers[1] == b"EVAL return 2"
    assert answers[0] == answers[2] == f"EVALSHA {ONE.script.sha}".encode()


def test_a_call_that_redis_refuses_is_none_and_the_others_are_answered(
    cache: Cache, client: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    client.refused = {ONE.script.sha}
    first, second = cache.run(ONE, TWO)
    assert (first, second) == (None, f"EVALSHA {TWO.script.sha}".encode())
    assert cache.run(TWO)[0] is not None, "the breaker is closed"
    (line,) = environment.lines_of(capsys.readouterr().out)
    assert (line["CacheRefusal"], line["error_type"]) == (1, "ResponseError")


def test_while_redis_is_away_every_answer_is_none_and_the_breaker_opens(cache: Cache, client: FakePipeline) -> None:
    client.failure = redis.TimeoutError("s3cret")
    assert cache.run(ONE, TWO) == (None, None)
    assert cache.run(ONE) == (None,)
    assert len(client.trips) == 1


def test_what_was_answered_is_kept_when_redis_goes_away_before_it_learns_the_rest(
    cache: Cache, client: FakePipeline
) -> None:
    client.seen, client.failure_of_eval = {ONE.script.sha}, redis.ConnectionError("closed")
    assert cache.run(ONE, TWO) == (f"EVALSHA {ONE.script.sha}".encode(), None)


def test_no_calls_have_no_answers(cache: Cache) -> None:
    assert Cache("redis://127.0.0.1:1").run() == ()
