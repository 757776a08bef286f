"""The rules about the sessions of a user whom a caller may see."""

from roster.auth.caller import Caller
from roster.sessions.models import Session, seen_from
from roster.sessions.repository import Sessions
from roster.users.service import UserService


class UserSessions:
    """Shows and ends the sessions of one user, for themself or an admin."""

    def __init__(self, users: UserService, sessions: Sessions) -> None:
        self._users = users
        self._sessions = sessions

    def list(self, user_id: int, caller: Caller) -> list[Session]:
        """
        Return the user's sessions, the one last refreshed first.

        Raises:
            NotAllowedError, UserNotFoundError, UnauthenticatedError: As for the user themself.
        """
        self._users.get(user_id, caller)
        return seen_from(caller.session_id, self._sessions.all_of(user_id))

    def end_all(self, user_id: int, caller: Caller) -> None:
        """
        End all of the user's sessions, the caller's own included if it is one of them; idempotent.

        Raises:
            NotAllowedError, UserNotFoundError, UnauthenticatedError: As for the user themself.
        """
        self._users.get(user_id, caller)
        self._sessions.remove_all(user_id)
