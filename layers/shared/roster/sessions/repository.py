"""The ports to the sessions, and what they may fail with."""

from datetime import datetime
from typing import NamedTuple, Protocol

from roster.auth.caller import Role
from roster.auth.client import Client
from roster.errors import MissingError, UnauthenticatedError
from roster.sessions.models import Session

GRACE_SECONDS = 10
"""For how long a used refresh token is answered with its successor once more: two tabs, a lost answer."""

SESSIONS_MAX = 100
"""How many sessions a user may have; one more ends the one that was refreshed longest ago."""


class SessionNotFoundError(MissingError):
    code = "session_not_found"
    message = "There is no such session."


class InvalidRefreshTokenError(UnauthenticatedError):
    code = "invalid_refresh_token"
    message = "This refresh token is not valid. Log in again."


class Lifetime(NamedTuple):
    """How long a session lives without being refreshed, and at all."""

    idle_seconds: int
    total_seconds: int


class NewSession(NamedTuple):
    """*password_changed_at* is when the password was chosen that the login proved, None if it proved none."""

    id: str
    user_id: int
    token_hash: bytes
    client: Client
    password_changed_at: datetime | None


class Rotation(NamedTuple):
    """A wish: put the token with *new_hash* in the place of the one with *old_hash*; *seed* leads there."""

    old_hash: bytes
    new_hash: bytes
    seed: bytes
    client: Client


class Rotated(NamedTuple):
    """The token was good; or, with the seed of its first use, it was used just before."""

    session_id: str
    user_id: int
    role: Role
    seed: bytes


class Reused(NamedTuple):
    """The token had been used before: somebody else may have it."""

    session_id: str
    user_id: int


class Sessions(Protocol):
    """The sessions that live; one that ended is not there, for any method."""

    def add(self, new: NewSession, lifetime: Lifetime) -> Role | None:
        """
        Open a session and return the user's role; None if they may not log in any more.

        That is if the user is gone or disabled, or the password was changed since *password_changed_at*; of a
        change of password and a login with the old one at once, the login never survives.
        """

    def rotate(self, rotation: Rotation, lifetime: Lifetime) -> Rotated | Reused | None:
        """
        Replace the refresh token; None if no living session has or had it.

        Of any number of calls at once with one token one replaces it, and the others get its seed. After the
        grace they are `Reused`, and nothing has changed: who calls ends the session.
        """

    def all_of(self, user_id: int) -> list[Session]:
        """Return the user's sessions, the one last refreshed first."""

    def remove(self, user_id: int, session_id: str) -> bool:
        """End that session of that user; return whether it lived."""

    def remove_reused(self, user_id: int, session_id: str) -> None:
        """End a session of which two have the refresh token: as `remove`, and the audit trail says why."""

    def remove_all(self, user_id: int) -> int:
        """End the user's sessions; return how many lived."""


class Standing(NamedTuple):
    """A user's role, and when each of their living sessions ends, in seconds of Unix time."""

    role: Role
    ends: dict[str, float]


class Standings(Protocol):
    """Who may act on the strength of an access token."""

    def find(self, user_id: int, session_id: str) -> Role | None:
        """Return the user's role now, None if the session ended or the user is gone or disabled."""


class StandingsByUser(Standings, Protocol):
    """The same, and for all of a user's sessions at once: what a cache fills its entry with."""

    def of(self, user_id: int) -> Standing | None:
        """Return how the user stands in all of their sessions, None if they are gone or disabled."""
