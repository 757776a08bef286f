"""What a session is, to its owner."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

ID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class Session:
    """
    One login: when, from where, with which program; *current* is the one that asks.

    It ends at *idle_until* if it is not refreshed before, and at *expires_at* in any case.
    """

    id: str
    created_at: datetime
    refreshed_at: datetime
    idle_until: datetime
    expires_at: datetime
    source_ip: str
    user_agent: str
    current: bool = False


def is_id(text: str) -> bool:
    """Return whether *text* spells the id of a session in its one way."""
    return re.fullmatch(ID_PATTERN, text) is not None


def seen_from(session_id: str, sessions: Sequence[Session]) -> list[Session]:
    """Return *sessions* as the one with that id sees them."""
    return [replace(session, current=session.id == session_id) for session in sessions]
