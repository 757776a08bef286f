"""Plain caching: what the fence is there to be better than."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from roster.infrastructure.cache import Cache
from roster.infrastructure.fence_answers import Bypass, Hit, Miss, Question
from roster.infrastructure.fenced_cache import FencedCache
from roster.infrastructure.scripts import Call, Script

Result = TypeVar("Result")

# An entry is never empty, so that says that there is none.
_GET = Script("return redis.call('GET', KEYS[1]) or ''")
_SET = Script("return redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])")
_DELETE = Script("return redis.call('DEL', KEYS[1])")


class CacheAside(FencedCache):
    """What everybody writes: GET, SELECT, SET; and COMMIT, DEL."""

    def __init__(self, cache: Cache) -> None:
        self._aside = cache

    def ask(self, key: str, *, anew: bool = False) -> Question:
        if anew:
            self.forget([key])
        return Question(key, Any, Any)  # type: ignore[arg-type]

    def look(self, question: Question) -> Hit | Miss:
        (value,) = self._aside.run(Call(_GET, (question.key,)))
        return Hit(value) if isinstance(value, bytes) and value else Miss(question, "any")

    def fill(self, miss: Miss, value: bytes, life_seconds: int | None = None) -> None:
        self._aside.run(Call(_SET, (miss.question.key,), (value, life_seconds or 3600)))

    def give_back(self, outcome: Hit | Miss | Bypass) -> None:
        """Nobody was granted anything."""

    def change(self, keys: Sequence[str], work: Callable[[], Result]) -> Result:
        try:
            return work()
        finally:
            self.forget(keys)

    def forget(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._aside.run(Call(_DELETE, (key,)))
