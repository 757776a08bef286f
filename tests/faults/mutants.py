"""
Fenced caches with one of their rules taken away: whatever judges histories has to find each of them out.

There is none without the intent that a write announces: that keeps nothing from being stale, since the end of the write
takes back what was filled meanwhile. It lets others see what was written by somebody who died before that end.
"""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from roster.infrastructure import cache_control, fence_scripts
from roster.infrastructure.cache import Cache
from roster.infrastructure.cache_control import Control, ControlRow
from roster.infrastructure.fenced_cache import FencedCache
from roster.infrastructure.scripts import Script
from roster.infrastructure.write_barrier import Intent, WriteBarrier
from roster.wiring import fence as wiring

from tests.faults.cache_aside import CacheAside

Result = TypeVar("Result")

MUTANTS = ("no fence", "no hold", "no server check", "no lease", "END before COMMIT")
LIFE_SECONDS = 3600
_ANY_SERVER = "local function server() return 'any' end\n"
_ASKS_FOR_THE_LEASE = " or redis.pcall('GET', KEYS[2]) ~= ARGV[2]"


_SOUND = {name: getattr(fence_scripts, name) for name in ("IDENTIFY", "_GET", "_FILL", "_BEGIN", "_END")}


def fenced(mutant: str, cache: Cache, control: Control) -> FencedCache:
    """Return the cache with that fault, the sound one if it is called ''; this process has no other from now on."""
    if mutant == "cache-aside":
        return CacheAside(cache)
    _spoil_scripts(mutant)
    barriers = {"no fence": UnfencedBarrier}
    barrier = barriers.get(mutant, WriteBarrier)(cache, control, _Restless() if mutant == "no hold" else time)
    caches = {"END before COMMIT": EarlyCache}
    return caches.get(mutant, FencedCache)(cache, control, barrier, LIFE_SECONDS)


def _spoil_scripts(mutant: str) -> None:
    """Put the sound scripts in place, or those without one of their rules."""
    for name, sound in _SOUND.items():
        blind = Script(sound.source.replace(fence_scripts._SERVER, _ANY_SERVER))
        setattr(fence_scripts, name, blind if mutant == "no server check" else sound)
    cache_control.IDENTIFY = fence_scripts.IDENTIFY  # type: ignore[attr-defined]
    if mutant == "no lease":
        fence_scripts._FILL = _without(fence_scripts._FILL, _ASKS_FOR_THE_LEASE)


def spoil_wiring(mutant: str) -> None:
    """Let this process serve with that one; a request's one round trip has no place for plain cache-aside."""
    assert mutant in ("", *MUTANTS)
    wiring.FencedCache = lambda cache, control, *_: fenced(mutant, cache, control)  # type: ignore[assignment,attr-defined]


class _Restless:
    """A clock that does not wait."""

    monotonic = staticmethod(time.monotonic)
    time = staticmethod(time.time)

    def sleep(self, seconds: float, /) -> None:
        """Acknowledge at once."""


class UnfencedBarrier(WriteBarrier):
    """Never moves the control row: what Redis cannot be told stays there."""

    def _row_without_us(self, intent: Intent) -> ControlRow:
        if intent.row:
            self._end(intent, intent.row)
        return self._control.row_for_write()


class EarlyCache(FencedCache):
    """Takes back what is cached just before the transaction is committed, instead of after it."""

    def change(self, keys: Sequence[str], work: Callable[[], Result]) -> Result:
        self._barrier.settle(self._barrier.begin(keys))
        return work()


def _without(script: Script, part: str) -> Script:
    assert part in script.source
    return Script(script.source.replace(part, ""))
