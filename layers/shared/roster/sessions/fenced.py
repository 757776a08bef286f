"""Sessions whose end is noticed at once."""

from typing import TYPE_CHECKING

from roster.auth.caller import Role
from roster.sessions.cached import key_of
from roster.sessions.models import Session
from roster.sessions.repository import Lifetime, NewSession, Reused, Rotated, Rotation, Sessions

if TYPE_CHECKING:
    from roster.infrastructure.fenced_cache import FencedCache


class FencedSessions(Sessions):
    """Implements `Sessions` on *sessions*; what ends one returns when nobody is let in by it any more."""

    def __init__(self, sessions: Sessions, fence: "FencedCache") -> None:
        self._sessions = sessions
        self._fence = fence

    def add(self, new: NewSession, lifetime: Lifetime) -> Role | None:
        # It may end the user's oldest session, so what is cached is taken back; nobody waits for that one's sake.
        role = self._sessions.add(new, lifetime)
        self._fence.forget([key_of(new.user_id)])
        return role

    def rotate(self, rotation: Rotation, lifetime: Lifetime) -> Rotated | Reused | None:
        return self._sessions.rotate(rotation, lifetime)

    def all_of(self, user_id: int) -> list[Session]:
        return self._sessions.all_of(user_id)

    def remove(self, user_id: int, session_id: str) -> bool:
        return self._fence.change([key_of(user_id)], lambda: self._sessions.remove(user_id, session_id))

    def remove_reused(self, user_id: int, session_id: str) -> None:
        self._fence.change([key_of(user_id)], lambda: self._sessions.remove_reused(user_id, session_id))

    def remove_all(self, user_id: int) -> int:
        return self._fence.change([key_of(user_id)], lambda: self._sessions.remove_all(user_id))
