"""The rules of opening and refreshing sessions: what proves who somebody is is worth a grant."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from roster.auth.caller import Caller
from roster.auth.client import Client
from roster.auth.repository import WrongCredentialsError
from roster.infrastructure import observability
from roster.sessions import refresh_tokens
from roster.sessions.repository import (
    InvalidRefreshTokenError,
    Lifetime,
    NewSession,
    Reused,
    Rotated,
    Rotation,
    Sessions,
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a login or a refresh is worth: *access_token* speaks for *caller* for *expires_in* seconds."""

    caller: Caller
    access_token: str
    expires_in: int
    refresh_token: str


class Grants:
    """Opens and refreshes sessions; *sign* makes the access token of a caller and tells its life in seconds."""

    def __init__(self, sessions: Sessions, sign: Callable[[Caller], tuple[str, int]], lifetime: Lifetime) -> None:
        self._sessions = sessions
        self._sign = sign
        self._lifetime = lifetime

    def open(self, user_id: int, client: Client, password_changed_at: datetime | None) -> Grant:
        """
        Open a session for a user who proved who they are.

        Raises:
            WrongCredentialsError: If they were disabled or erased, or changed the password, in the meantime.
        """
        token, session_id = refresh_tokens.make(), str(uuid.uuid4())
        new = NewSession(session_id, user_id, refresh_tokens.hashed(token), client, password_changed_at)
        role = self._sessions.add(new, self._lifetime)
        if role is None:
            raise WrongCredentialsError
        return self._granted(Caller(user_id, role, session_id), token)

    def refresh(self, token: str, client: Client) -> Grant:
        """
        Return a grant with the successor of *token*, which is used up by that.

        Repeating it within the grace gives the same successor. Repeating it later means that two have the token,
        of whom one stole it, so the session ends for both.

        Raises:
            InvalidRefreshTokenError: For everything but a living session's token.
        """
        if not refresh_tokens.is_one(token):
            raise InvalidRefreshTokenError
        found = self._sessions.rotate(_rotation(token, client), self._lifetime)
        if isinstance(found, Reused):
            self._sessions.remove_reused(found.user_id, found.session_id)
            observability.report("RefreshTokenReuse", user_id=found.user_id, session_id=found.session_id)
        if not isinstance(found, Rotated):
            raise InvalidRefreshTokenError
        caller = Caller(found.user_id, found.role, found.session_id)
        return self._granted(caller, refresh_tokens.successor(token, found.seed))

    def _granted(self, caller: Caller, refresh_token: str) -> Grant:
        access_token, life_seconds = self._sign(caller)
        return Grant(caller, access_token, life_seconds, refresh_token)


def _rotation(token: str, client: Client) -> Rotation:
    seed = refresh_tokens.seed()
    new_hash = refresh_tokens.hashed(refresh_tokens.successor(token, seed))
    return Rotation(refresh_tokens.hashed(token), new_hash, seed, client)
