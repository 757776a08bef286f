"""Scripts sent to Redis: one round trip, by digest, in full only where Redis has to learn one."""

from typing import cast

import pytest
import redis
from roster.infrastructure.cache import Cache
from roster.infrastructure.redis_exchange import replies
from roster.infrastructure.scripts import Call, Script

from tests import environment

ONE = Call(Script("return 1"), ("key",), (5, b"x"))
TWO = Call(Script("return 2"))


class FakeRedis:
    """
    A client, its pool, its one connection and that one's socket.

    It answers as Redis would that has *seen* some scripts, and fails as long as there is a *failure*.
    """

    def __init__(self) -> None:
        self.connection_pool = self._sock = self
        self.seen = {ONE.script.sha, TWO.script.sha}
        self.refused: set[str] = set()
        self.failure: Exception | None = None
        self.failure_of_eval: Exception | None = None
        self.trips: list[list[list[str]]] = []
        self.lent = self.disconnects = 0

    def lend(self) -> "FakeRedis":
        self.lent += 1
        return self

    def take_back(self, _: "FakeRedis") -> None:
        self.lent -= 1

    def disconnect(self) -> None:
        self.disconnects += 1

    def send_packed_command(self, chunks: list[bytes]) -> None:
        self._unread = b"".join(chunks)
        count = self._unread.count(b"EVAL")
        sent = [[part.decode() for part in cast(list[bytes], command)] for command in replies(self, count)]
        self.trips.append(sent)
        self._unread = b"".join(self._answer(*command[:2]) for command in sent)

    def recv(self, _: int, /) -> bytes:
        failure = self.failure_of_eval if self.trips and self.trips[-1][0][0] == "EVAL" else self.failure
        if failure:
            raise failure
        unread, self._unread = self._unread, b""
        return unread

    def _answer(self, name: str, script: str) -> bytes:
        if name == "EVALSHA" and script not in self.seen:
            return b"-NOSCRIPT No matching script.\r\n"
        if script in self.refused:
            return b"-READONLY You can't write against a read only replica.\r\n"
        return f"+{name} {script}\r\n".encode()


@pytest.fixture
def client() -> FakeRedis:
    return FakeRedis()


@pytest.fixture
def cache(client: FakeRedis) -> Cache:
    made = Cache("redis://127.0.0.1:1")
    made._client = client  # type: ignore[assignment]
    return made


def test_the_digest_is_the_one_that_redis_computes() -> None:
    assert ONE.script.sha == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"


def test_calls_of_scripts_that_redis_has_seen_are_one_round_trip(cache: Cache, client: FakeRedis) -> None:
    answers = cache.run(ONE, TWO)
    assert client.trips == [[["EVALSHA", ONE.script.sha, "1", "key", "5", "x"], ["EVALSHA", TWO.script.sha, "0"]]]
    assert answers == (f"EVALSHA {ONE.script.sha}".encode(), f"EVALSHA {TWO.script.sha}".encode())


def test_only_the_scripts_that_redis_has_not_seen_are_sent_in_full(cache: Cache, client: FakeRedis) -> None:
    client.seen = {ONE.script.sha}
    answers = cache.run(ONE, TWO, ONE)
    assert client.trips[1:] == [[["EVAL", "return 2", "0"]]]
    assert answers[1] == b"EVAL return 2"
    assert answers[0] == answers[2] == f"EVALSHA {ONE.script.sha}".encode()


def test_a_call_that_redis_refuses_is_none_and_the_others_are_answered(
    cache: Cache, client: FakeRedis, capsys: pytest.CaptureFixture[str]
) -> None:
    client.refused = {ONE.script.sha}
    first, second = cache.run(ONE, TWO)
    assert (first, second) == (None, f"EVALSHA {TWO.script.sha}".encode())
    assert cache.run(TWO)[0] is not None, "the breaker is closed"
    (line,) = environment.lines_of(capsys.readouterr().out)
    assert (line["CacheRefusal"], line["error_type"]) == (1, "ReadOnlyError")


def test_while_redis_is_away_every_answer_is_none_and_the_breaker_opens(cache: Cache, client: FakeRedis) -> None:
    client.failure = redis.TimeoutError("s3cret")
    assert cache.run(ONE, TWO) == (None, None)
    assert cache.run(ONE) == (None,)
    assert (client.lent, client.disconnects) == (0, 1), "the connection is of no use any more"


def test_what_was_answered_is_kept_when_redis_goes_away_before_it_learns_the_rest(
    cache: Cache, client: FakeRedis
) -> None:
    client.seen, client.failure_of_eval = {ONE.script.sha}, redis.ConnectionError("closed")
    assert cache.run(ONE, TWO) == (f"EVALSHA {ONE.script.sha}".encode(), None)


def test_a_connection_comes_back_to_the_pool(cache: Cache, client: FakeRedis) -> None:
    cache.run(ONE, TWO)
    assert (client.lent, client.disconnects) == (0, 0)


def test_no_calls_have_no_answers(cache: Cache) -> None:
    assert Cache("redis://127.0.0.1:1").run() == ()
