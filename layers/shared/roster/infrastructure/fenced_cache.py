"""
Bytes by key that are never older than an acknowledged write: the fenced lease.

A value is stored only by who was granted a lease before it asked PostgreSQL and holds it still; every write takes the
leases away, before and after its transaction. What a write cannot take away, since Redis is out of its reach or is
another one by now, it fences off in PostgreSQL, and waits until nobody believes in it any more (docs/caching.md).
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from roster.errors import OutcomeUnknownError
from roster.infrastructure import asked_ahead, deadline, fence_scripts, observability
from roster.infrastructure.cache_control import Clock, Control
from roster.infrastructure.fence_answers import Bypass, Hit, Miss, Question
from roster.infrastructure.scripts import ScriptRunner
from roster.infrastructure.write_barrier import WriteBarrier

Result = TypeVar("Result")

# How long to wait, again and again, for who is filling: until they may not any more, and somebody else may.
_PAUSES_SECONDS = (0.005, 0.01, 0.02, 0.04, *[0.08] * 13)
_TO_ASK_SECONDS = 1.0


class FencedCache:
    def __init__(
        self, cache: ScriptRunner, control: Control, barrier: WriteBarrier, life_seconds: int, clock: Clock = time
    ) -> None:
        self._cache = cache
        self._clock = clock
        self._control = control
        self._barrier = barrier
        self._life_seconds = life_seconds

    def ask(self, key: str, *, anew: bool = False) -> Question | None:
        """
        Return what to ask Redis, None where it may not be asked; *anew* forgets a value that was of no use.

        Raises:
            UnavailableError: If PostgreSQL is away when it has to say whether the cache may be used.
        """
        lease = self._control.lease()
        if lease is None:
            return None
        row, token = lease.row, secrets.token_hex(8)
        call = fence_scripts.get(fence_scripts.keys_of(key, row.epoch), row.server_id or "", token, anew=anew)
        return Question(key, lease, call)

    def judge(self, question: Question, answer: object) -> Hit | Miss | Bypass:
        """Say what *answer*, that of the question's call, is worth now."""
        match answer:
            case [b"hit", bytes(value)] if self._control.is_valid(question.lease):
                return Hit(value)
            case [b"miss" | b"odd" as found, bytes(token)]:
                if found == b"odd":
                    observability.count("CacheEntryRefused")
                return Miss(question, token.decode())
            case [b"other server", _]:
                self._control.mistrust(question.lease)
        return Bypass()

    def read(self, key: str, *, anew: bool = False) -> Hit | Miss | Bypass:
        """Say what Redis knows of *key*: if the gate has asked that, by its answer, and else after a round trip."""
        question, answer = asked_ahead.taken(key)
        if question and not anew:
            return self.settled(key, self.judge(question, answer))
        return self.settled(key, self._asked(key, anew=anew))

    def settled(self, key: str, outcome: Hit | Miss | Bypass) -> Hit | Miss | Bypass:
        """Wait a little after a miss while somebody else is filling: of a herd one asks PostgreSQL."""
        for seconds in _PAUSES_SECONDS:
            if not isinstance(outcome, Miss) or outcome.token or deadline.remaining_seconds() < _TO_ASK_SECONDS:
                break
            self._clock.sleep(seconds)
            outcome = self._asked(key)
        return outcome

    def _asked(self, key: str, *, anew: bool = False) -> Hit | Miss | Bypass:
        question = self.ask(key, anew=anew)
        return self.look(question) if question else Bypass()

    def look(self, question: Question) -> Hit | Miss | Bypass:
        """Spend a round trip on one question alone."""
        (answer,) = self._cache.run(question.call)
        return self.judge(question, answer)

    def fill(self, miss: Miss, value: bytes, life_seconds: int | None = None) -> None:
        """
        Store what PostgreSQL said after *miss*, unless a write came in between or somebody else is filling.

        It lives for at most *life_seconds*, and at least nine tenths of them.
        """
        if miss.token:
            row = miss.question.lease.row
            keys = fence_scripts.keys_of(miss.question.key, row.epoch)
            life_ms = 1000 * (life_seconds or self._life_seconds)
            life_ms -= secrets.randbelow(life_ms // 10)  # what was filled together does not expire together
            self._cache.run(fence_scripts.fill(keys, row.server_id or "", miss.token, life_ms, value))

    def give_back(self, outcome: Hit | Miss | Bypass) -> None:
        """End the lease of who will not fill after all: others would wait for it until it ends by itself."""
        if isinstance(outcome, Miss) and outcome.token:
            keys = fence_scripts.keys_of(outcome.question.key, outcome.question.lease.row.epoch)
            self._cache.run(fence_scripts.give_back(keys, outcome.token))

    @contextmanager
    def asking(self, outcome: Hit | Miss | Bypass) -> Iterator[None]:
        """Ask PostgreSQL after *outcome*; if that raises, others may fill at once."""
        try:
            yield
        except BaseException:
            self.give_back(outcome)
            raise

    def change(self, keys: Sequence[str], work: Callable[[], Result]) -> Result:
        """
        Return what *work*, a transaction, returned, as soon as nobody is answered from before it.

        Raises:
            OutcomeUnknownError: As *work*, and if it was committed but cannot be made sure to be seen by everybody.
        """
        intent = self._barrier.begin(keys)
        try:
            result = work()
        except OutcomeUnknownError:
            self._barrier.settle_if_possible(intent)
            raise
        except BaseException:
            self._barrier.abandon(intent)
            raise
        self._barrier.settle(intent)
        return result

    def changed(self, keys: Sequence[str]) -> None:
        """As `change`, for a transaction that was committed just now and alone could say whom it is about."""
        self._barrier.settle(self._barrier.unannounced(keys))

    def forget(self, keys: Sequence[str]) -> None:
        """As `changed`, without waiting for those who still believe in an epoch that was fenced off."""
        self._barrier.settle(self._barrier.unannounced(keys), waits=False)
