"""What the limits said of the request at hand: a handler need not hand it through to whoever writes the headers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from roster.infrastructure.rate_limits.models import Verdict

_current: ContextVar[list[Verdict] | None] = ContextVar("verdicts", default=None)


@contextmanager
def verdicts() -> Iterator[list[Verdict]]:
    """Yield the list that gets the verdicts of the block."""
    noted: list[Verdict] = []
    token = _current.set(noted)
    try:
        yield noted
    finally:
        _current.reset(token)


def note(found: Sequence[Verdict]) -> None:
    """Add to the list of the block around; outside of any block nobody wants to know."""
    noted = _current.get()
    if noted is not None:
        noted.extend(found)
