"""Where the work at hand comes from: who asked for it, and from where; what the audit trail says of a change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Origin(NamedTuple):
    """*actor_id* is the caller's, None where nobody is logged in; *source_ip* is what the gateway saw."""

    actor_id: int | None = None
    session_id: str | None = None
    source_ip: str | None = None
    request_id: str = "none"


_NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


@contextmanager
def within(origin: Origin) -> Iterator[None]:
    """Let the block's work come from *origin*."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Origin:
    return _current.get()
