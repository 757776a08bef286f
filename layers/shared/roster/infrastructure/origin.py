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


def name_actor(user_id: int, session_id: str) -> None:
    """Say who asked, where that turns out during the work; holds to the end of the block."""
    _current.set(current()._replace(actor_id=user_id, session_id=session_id))
