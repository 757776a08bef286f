"""Redis as a cache: short time-outs, no retries, and a breaker that skips it while it is away."""

import threading
import time
from typing import cast

import redis
from redis.exceptions import NoScriptError

from roster.infrastructure import cache_connections, observability
from roster.infrastructure.cache_connections import Password, Pool
from roster.infrastructure.redis_exchange import Socket, packed, replies
from roster.infrastructure.scripts import Call, Command

_SKIP_SECONDS = 2.0
_SKIP_SECONDS_MAX = 30.0


class Breaker:
    """Open for 2 s after a failure, twice as long after each further one, at most 30 s; closed by a success."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._skip_seconds = 0.0
        self._skip_until = 0.0

    def is_open(self) -> bool:
        return time.monotonic() < self._skip_until

    def succeeded(self) -> None:
        self._skip_seconds = 0.0

    def failed(self) -> None:
        with self._lock:
            if self.is_open():
                return
            self._skip_seconds = min(max(2 * self._skip_seconds, _SKIP_SECONDS), _SKIP_SECONDS_MAX)
            self._skip_until = time.monotonic() + self._skip_seconds


class Cache:
    """What scripts keep in Redis. One that is away holds nothing and forgets nothing: no method ever raises."""

    def __init__(self, url: str, password: Password | None = None) -> None:
        self._breaker = Breaker()
        self._client = cache_connections.client(url, password)

    def run(self, *calls: Call) -> tuple[object | None, ...]:
        """
        Run scripts in one round trip, and once more those that Redis has not seen; return an answer for each.

        None stands for a call that failed, and for every call while Redis is away. The calls are no transaction.
        """
        return (None,) * len(calls) if self._breaker.is_open() else self.insist(*calls)

    def insist(self, *calls: Call) -> tuple[object | None, ...]:
        """As `run`, whatever the breaker says."""
        answers = self._send([call.by_sha for call in calls])
        unseen = [number for number, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
        if unseen:
            seen = self._send([calls[number].in_full for number in unseen])
            for number, answer in zip(unseen, seen, strict=True):
                answers[number] = answer
        return tuple(_checked(answer) for answer in answers)

    def ping(self) -> bool:
        """Return whether Redis answers now, whatever the breaker says."""
        try:
            return bool(self._client.ping())
        except redis.RedisError:
            return False

    def reconnect(self) -> None:
        """Use new connections from now on: the name may lead to another server by now, or this be another process."""
        self._client.connection_pool.disconnect(inuse_connections=False)

    def close(self) -> None:
        self._client.close()

    def _send(self, commands: list[Command]) -> list[object]:
        """Send *commands* at once; what Redis refused is answered with its error, and what got lost with None."""
        try:
            answers = self._exchanged(commands)
        except redis.ResponseError as error:
            _report_refusal(error)
        except redis.RedisError as error:
            self._breaker.failed()
            _report("CacheAway", error)
        else:
            self._breaker.succeeded()
            return answers
        return [None] * len(commands)

    def _exchanged(self, commands: list[Command]) -> list[object]:
        pool = cast(Pool, self._client.connection_pool)
        connection = pool.lend()
        try:
            connection.send_packed_command([packed(commands)])  # type: ignore[no-untyped-call]
            return replies(cast(Socket, connection._sock), len(commands))  # noqa: SLF001 (redis-py has no name for it)
        except BaseException:
            connection.disconnect()  # type: ignore[no-untyped-call]
            raise
        finally:
            pool.take_back(connection)


def _checked(answer: object) -> object | None:
    if isinstance(answer, redis.RedisError):
        _report_refusal(answer)
        return None
    return answer


def _report_refusal(error: redis.RedisError) -> None:
    """Redis answers, but not this: a key of another type, no memory, a replica."""
    _report("CacheRefusal", error)


def _report(metric: str, error: redis.RedisError) -> None:
    observability.report(metric, error_type=type(error).__name__)
