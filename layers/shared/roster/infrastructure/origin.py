"""Where the work at hand comes from: who asked for it, and from where; what the audit trail says of a change."""

from contextvars import ContextVar
from typing import NamedTuple

from roster.infrastructure.held import Held


class Origin(NamedTuple):
    """*actor_id* is the caller's, None where nobody is logged in; *source_ip* is what the gateway saw."""

    actor_id: int | None = None
    session_id: str | None = None
    source_ip: str | None = None
    request_id: str = "none"


_NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def within(origin: Origin) -> Held[Origin]:
    """Let the block's work come from *origin*."""
    return Held(_current, origin)


def current() -> Origin:
    return _current.get()
