"""What the limits said of the request at hand: a handler need not hand it through to whoever writes the headers."""

from collections.abc import Sequence
from contextvars import ContextVar

from roster.infrastructure.held import Held
from roster.infrastructure.rate_limits.models import Verdict

_current: ContextVar[list[Verdict]] = ContextVar("verdicts")


def verdicts() -> Held[list[Verdict]]:
    """Give the block the list that gets its verdicts."""
    return Held(_current, [])


def note(found: Sequence[Verdict]) -> None:
    """Add to the list of the block around; outside of any block nobody wants to know."""
    noted = _current.get(None)
    if noted is not None:
        noted.extend(found)
