"""The rules of sessions: who sees and ends which."""

from roster.auth.caller import Caller
from roster.sessions.models import Session, seen_from
from roster.sessions.repository import SessionNotFoundError, Sessions


class SessionService:
    """Shows and ends sessions for their owners."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def list(self, caller: Caller) -> list[Session]:
        """Return the caller's sessions, the one last refreshed first."""
        return seen_from(caller.session_id, self._sessions.all_of(caller.user_id))

    def end(self, session_id: str, caller: Caller) -> None:
        """
        End one of the caller's sessions.

        Raises:
            SessionNotFoundError: If it ended before, or is not theirs.
        """
        if not self._sessions.remove(caller.user_id, session_id):
            raise SessionNotFoundError

    def log_out(self, caller: Caller, *, everywhere: bool) -> None:
        """End the caller's session, or all of their sessions; idempotent."""
        if everywhere:
            self._sessions.remove_all(caller.user_id)
        else:
            self._sessions.remove(caller.user_id, caller.session_id)
