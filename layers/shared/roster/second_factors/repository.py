"""The port to second factors, and what they may fail with."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from roster.errors import ConflictError, MissingError, NotAllowedError
from roster.infrastructure.sealed import Sealed


class SecondFactorsOffError(NotAllowedError):
    code = "second_factors_off"
    message = "This service is not set up for second factors."


class SecondFactorExistsError(ConflictError):
    code = "second_factor_exists"
    message = "The account has a second factor. Disable it first."


class SecondFactorNotFoundError(MissingError):
    code = "second_factor_not_found"
    message = "The account has no such second factor."


class SecondFactorChangedMeanwhileError(ConflictError):
    code = "second_factor_changed_meanwhile"
    message = "The second factor was changed by another request."


class PasswordNeedsSecondFactorError(ConflictError):
    code = "password_needs_second_factor"
    message = "The password is too short to be all that protects the account. Change it first."


class Factor(NamedTuple):
    """A user's second factor; a login asks for it once it is confirmed."""

    user_id: int
    secret: Sealed
    confirmed_at: datetime | None
    codes_left: int


class Proof(NamedTuple):
    """What a typed code comes to: the step of a TOTP code that matched, or the hash of what may be a recovery code."""

    step: int | None = None
    code_hash: bytes | None = None


class SecondFactors(Protocol):
    """
    The second factors of living users.

    A proof is good for one use, whatever for: a step if it is later than all that were used, a hash if it is that of
    a recovery code that is left. Of many uses at once one wins.
    """

    def find(self, user_id: int) -> Factor | None:
        """Return the user's factor, confirmed or not."""

    def enrol(self, user_id: int, secret: Sealed) -> bool:
        """Keep a factor that is to be confirmed, in the place of another such; return whether none is confirmed."""

    def confirm(self, factor: Factor, step: int, code_hashes: Sequence[bytes]) -> bool:
        """Confirm that very factor with its first recovery codes and use *step*; return whether that was to be done."""

    def renew_codes(self, user_id: int, proof: Proof, code_hashes: Sequence[bytes]) -> bool:
        """Replace the recovery codes, if *proof* is good; return whether it was."""

    def disable(self, user_id: int, proof: Proof) -> bool:
        """Forget the factor and all that belongs to it, if *proof* is good; return whether it was."""

    def remove(self, user_id: int) -> bool:
        """Forget the factor and all that belongs to it, confirmed or not; return whether there was one."""

    def reseal(self, factor: Factor, secret: Sealed) -> bool:
        """Keep the same secret under another key; return whether the factor still was that one."""
