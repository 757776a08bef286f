"""The rules of logging in in two steps."""

import hashlib
import secrets

from roster.auth.repository import Account
from roster.infrastructure import observability
from roster.second_factors.codes import Codes
from roster.second_steps.models import Challenge, SecondStep
from roster.second_steps.repository import (
    LIFE_SECONDS,
    InvalidChallengeError,
    NewStep,
    SecondSteps,
    Waiting,
    WrongCodeError,
)

_CHALLENGE_BYTES = 32


class SecondStepService:
    """Asks who knows the password of an account with a second factor for a code."""

    def __init__(self, steps: SecondSteps, codes: Codes) -> None:
        self._steps = steps
        self._codes = codes

    def begin(self, account: Account) -> SecondStep:
        """Return what the second step takes besides a code; it is good for one login and for nothing else."""
        challenge = secrets.token_urlsafe(_CHALLENGE_BYTES)
        self._steps.add(NewStep(_hashed(challenge), account.user_id, account.password_changed_at))
        return SecondStep(Challenge(challenge, LIFE_SECONDS))

    def finish(self, challenge: str, code: str) -> Waiting:
        """
        Return the login, whose user has now proved both.

        Raises:
            InvalidChallengeError: If it never began, ended, or was tried too often.
            WrongCodeError: If the code is wrong or was used before; a few more tries are left.
        """
        token_hash = _hashed(challenge)
        waiting = self._steps.take_try(token_hash)
        if waiting is None:
            raise InvalidChallengeError
        user_id = waiting.factor.user_id
        is_right = self._codes.attempt(
            waiting.factor, code, lambda proof: self._steps.finish(token_hash, user_id, proof)
        )
        if not is_right:
            observability.count("SecondStepFailures")
            raise WrongCodeError
        return waiting


def _hashed(challenge: str) -> bytes:
    """Return the SHA-256 that is kept; with 256 random bits before it, no slow hash is needed."""
    return hashlib.sha256(challenge.encode()).digest()
