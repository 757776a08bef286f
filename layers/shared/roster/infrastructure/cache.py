"""Redis as a cache: short time-outs, no retries, and a breaker that skips it while it is away."""

import threading
import time

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from roster.infrastructure import observability

CONNECT_SECONDS = 0.1
COMMAND_SECONDS = 0.05
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
    """Byte strings by key. A cache that is away holds nothing and forgets nothing: no method ever raises."""

    def __init__(self, url: str) -> None:
        self._breaker = Breaker()
        self._client = redis.Redis.from_url(
            url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=COMMAND_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    def get(self, key: str) -> bytes | None:
        value = self._execute("GET", key)
        return value if isinstance(value, bytes) else None

    def set(self, key: str, value: bytes, life_seconds: int) -> None:
        self._execute("SET", key, value, "EX", life_seconds)

    def delete(self, key: str) -> bool:
        """Forget *key*; return whether Redis confirmed it."""
        return self._execute("DEL", key) is not None

    def ping(self) -> bool:
        """Return whether Redis answers now, whatever the breaker says."""
        try:
            return bool(self._client.ping())
        except redis.RedisError:
            return False

    def close(self) -> None:
        self._client.close()

    def _execute(self, *command: object) -> object:
        if self._breaker.is_open():
            return None
        try:
            answer: object = self._client.execute_command(*command)  # type: ignore[no-untyped-call]
        except redis.ResponseError as error:  # it answers, but not this: a key of another type, no memory, a replica
            _report("CacheRefusal", error)
            return None
        except redis.RedisError as error:
            self._breaker.failed()
            _report("CacheAway", error)
            return None
        self._breaker.succeeded()
        return answer


def _report(metric: str, error: redis.RedisError) -> None:
    observability.count(metric)
    observability.logger().warning("cache", extra={"metric": metric, "error_type": type(error).__name__})
