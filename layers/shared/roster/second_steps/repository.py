"""The port to logins that wait for a code, and what they may fail with."""

from datetime import datetime
from typing import NamedTuple, Protocol

from roster.errors import UnauthenticatedError
from roster.second_factors.repository import Factor, Proof

TRIES = 5
LIFE_SECONDS = 300


class WrongCodeError(UnauthenticatedError):
    code = "wrong_code"
    message = "The code is wrong or was used before."


class InvalidChallengeError(UnauthenticatedError):
    code = "invalid_challenge"
    message = "This login has ended. Log in again."


class NewStep(NamedTuple):
    """*password_changed_at* is when the password was chosen that the first step proved."""

    token_hash: bytes
    user_id: int
    password_changed_at: datetime


class Waiting(NamedTuple):
    """A login that waits for a code of *factor*."""

    password_changed_at: datetime
    factor: Factor


class SecondSteps(Protocol):
    """
    The logins that wait for a code.

    One is not there for any method any more if it is too old, if the user changed the password or the factor since,
    or may not log in.
    """

    def add(self, new: NewStep) -> None:
        """Begin to wait, if the user has a confirmed factor."""

    def take_try(self, token_hash: bytes) -> Waiting | None:
        """Return the login and count a try; None once `TRIES` are taken, however many come at once."""

    def finish(self, token_hash: bytes, user_id: int, proof: Proof) -> bool:
        """
        End the wait, if *proof* is good for the user; return whether it was.

        Raises:
            InvalidChallengeError: If it ended in the meantime; the proof stays as good as it was.
        """
