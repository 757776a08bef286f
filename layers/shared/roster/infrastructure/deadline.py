"""How long the work at hand may still take: one deadline per request, heeded by every call to the outside."""

import time
from contextvars import ContextVar

from roster.infrastructure.held import Held

_WITHOUT_A_DEADLINE_SECONDS = 10.0

_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)


def within(seconds: float) -> Held[float | None]:
    """Give the block *seconds* from now; an outer deadline that ends earlier stays in force."""
    return until(time.monotonic() + seconds)


def until(ends_at: float) -> Held[float | None]:
    """As `within`, to a moment of the monotonic clock."""
    outer = _ends_at.get()
    return Held(_ends_at, ends_at if outer is None else min(outer, ends_at))


def remaining_seconds() -> float:
    """Return what is left, never below zero; a fixed allowance outside of any deadline."""
    ends_at = _ends_at.get()
    if ends_at is None:
        return _WITHOUT_A_DEADLINE_SECONDS
    return max(0.0, ends_at - time.monotonic())


def pause(seconds_max: float) -> None:
    """
    Wait before something is tried again, for half of *seconds_max* to the whole, and never beyond the deadline.

    How long is left to chance, lest all who failed together come back together.
    """
    seconds = seconds_max * (0.5 + time.monotonic_ns() // 1000 % 1000 / 2000)
    time.sleep(min(seconds, remaining_seconds()))
