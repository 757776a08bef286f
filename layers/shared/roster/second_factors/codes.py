"""What typed codes prove, and that nobody guesses them."""

import time
from collections.abc import Callable
from typing import NamedTuple

from roster.auth.repository import LoginFailures
from roster.errors import UnavailableError
from roster.infrastructure import observability
from roster.infrastructure.sealed import Sealed
from roster.infrastructure.sealing import Sealer, SealError
from roster.second_factors import recovery_codes, totp
from roster.second_factors.repository import Factor, Proof, SecondFactors, SecondFactorsOffError


class NewSecret(NamedTuple):
    plain: bytes
    sealed: Sealed


class Codes:
    """
    Makes secrets and judges codes; *failures* blocks who guesses, by user, silently, for longer and longer.

    Without a *sealer* there are no new secrets, and only recovery codes are right.
    """

    def __init__(
        self,
        factors: SecondFactors,
        failures: LoginFailures,
        sealer: Sealer | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._factors = factors
        self._failures = failures
        self._sealer = sealer
        self._clock = clock

    def new_secret(self, user_id: int) -> NewSecret:
        """
        Make a secret for that user.

        Raises:
            SecondFactorsOffError: If no key is configured to seal it with.
        """
        if self._sealer is None:
            raise SecondFactorsOffError
        plain = totp.new_secret()
        return NewSecret(plain, self._sealer.seal(plain, _name(user_id)))

    def attempt(self, factor: Factor, typed: str, use: Callable[[Proof], bool]) -> bool:
        """
        Return whether the code is right and *use* could make use of what it proves.

        It is counted as wrong before anything is compared, and forgotten if it is right: many guesses at once
        learn no more than one after the other. While the user is blocked none is right, and none is used up.
        """
        if not self._failures.settle(_name(factor.user_id), is_right=False):
            return False
        proof = self._proof(factor, typed)
        if proof is None or not use(proof):
            return False
        self.forget_failures(factor.user_id)
        self._reseal(factor)
        return True

    def forget_failures(self, user_id: int) -> None:
        """Unblock a user who begins anew, with nothing that could be guessed."""
        self._failures.forget(_name(user_id))

    def _proof(self, factor: Factor, typed: str) -> Proof | None:
        code = recovery_codes.normalized(typed)
        if not totp.is_code(code):
            return Proof(code_hash=recovery_codes.hashed(factor.user_id, code))
        step = totp.matching_step(self._secret_of(factor), code, self._clock())
        return None if step is None else Proof(step=step)

    def _secret_of(self, factor: Factor) -> bytes:
        if self._sealer is None:
            raise SealError("No key is configured that opens second factors.")
        return self._sealer.open(factor.secret, _name(factor.user_id))

    def _reseal(self, factor: Factor) -> None:
        """Keep the secret under the current key; no login fails here."""
        if self._sealer is None or factor.secret.key_id == self._sealer.key_id:
            return
        try:
            self._factors.reseal(factor, self._sealer.seal(self._secret_of(factor), _name(factor.user_id)))
        except UnavailableError:
            observability.count("ResealFailed")


def _name(user_id: int) -> str:
    """Return what failures are counted by, apart from passwords, and what a secret is bound to."""
    return f"second factor of user {user_id}"
