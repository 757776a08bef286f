"""What a write owes the fenced cache: announce itself, take back what is cached, and wait where it cannot."""

import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from roster.errors import OutcomeUnknownError, UnavailableError
from roster.infrastructure import deadline, fence_scripts
from roster.infrastructure.cache_control import Clock, Control, ControlRow
from roster.infrastructure.scripts import ScriptRunner

_FAILURES_MAX = 2
# In leases: for how long writes wait after a fence was moved, and how long each.
_MOVED_LATELY = 10
_HOLD = 1.1


class Intent(NamedTuple):
    """A write to *keys*, announced under *row* if there is one."""

    keys: Sequence[str]
    token: str
    row: ControlRow | None


class _Ended(NamedTuple):
    """In which epoch and on which server the write has taken back what was cached."""

    epoch: int
    server_id: str


class WriteBarrier:
    def __init__(self, cache: ScriptRunner, control: Control, clock: Clock = time) -> None:
        self._cache = cache
        self._control = control
        self._clock = clock

    def begin(self, keys: Sequence[str]) -> Intent:
        """Announce a write, if Redis is there; that others fill the cache meanwhile would do no harm but to order."""
        lease = self._control.lease()
        intent = Intent(keys, secrets.token_hex(8), lease and lease.row)
        if intent.row:
            self._cache.run(*(fence_scripts.begin(each, intent.token) for each in _places(intent, intent.row)))
        return intent

    def unannounced(self, keys: Sequence[str]) -> Intent:
        lease = self._control.last_known()
        return Intent(keys, secrets.token_hex(8), lease and lease.row)

    def abandon(self, intent: Intent) -> None:
        """Let others cache again, after a transaction that was not committed."""
        if intent.row:
            self._end(intent, intent.row)

    def settle(self, intent: Intent, *, waits: bool = True) -> None:
        """
        Return when nobody is answered from before the transaction, or, unless it *waits*, will be soon.

        Raises:
            OutcomeUnknownError: If PostgreSQL went away or the deadline came near before that was sure.
        """
        try:
            row = self._row_without_us(intent)
        except UnavailableError:
            raise OutcomeUnknownError from None
        if waits and row.age_seconds < _MOVED_LATELY * self._control.lease_seconds:
            self._hold()

    def settle_if_possible(self, intent: Intent) -> None:
        """
        Do what can be done after a transaction that may have been committed: nobody is promised anything.

        The announcement stays until it ends by itself, since the transaction may come true only after this.
        """
        with suppress(OutcomeUnknownError):
            self.settle(intent._replace(token=""), waits=False)

    def _row_without_us(self, intent: Intent) -> ControlRow:
        """Return the row, once nothing that we made obsolete can be found under it."""
        ended = self._end(intent, intent.row) if intent.row else None
        failures = 1 if intent.row and not ended else 0
        row = self._control.row_for_write()
        while row.is_enabled and ended != (row.epoch, row.server_id):
            if failures == _FAILURES_MAX:
                self._control.disable(row)
            else:
                ended = self._end(intent, row)
                failures += ended is None or ended.server_id != row.server_id
            row = self._control.row_for_write()
        return row

    def _end(self, intent: Intent, row: ControlRow) -> _Ended | None:
        """Take back what is cached in the row's epoch, whatever the breaker says; None if that failed."""
        answers = set(self._cache.insist(*(fence_scripts.end(each, intent.token) for each in _places(intent, row))))
        ended = None
        match list(answers):
            case [bytes(name)] if name:
                ended = _Ended(row.epoch, name.decode())
        if ended is None or ended.server_id != row.server_id:
            self._cache.reconnect()
        return ended

    def _hold(self) -> None:
        seconds = _HOLD * self._control.lease_seconds
        if deadline.remaining_seconds() < seconds:
            raise OutcomeUnknownError
        self._clock.sleep(seconds)


def _places(intent: Intent, row: ControlRow) -> list[tuple[str, str, str]]:
    return [fence_scripts.keys_of(key, row.epoch) for key in intent.keys]
