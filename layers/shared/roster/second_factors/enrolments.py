"""The rules of a caller's own second factor: enrolling, confirming, disabling."""

from collections.abc import Callable

from roster.auth import current_password, password_length
from roster.auth.caller import Caller
from roster.auth.repository import Accounts
from roster.errors import FieldProblem, InvalidInputError
from roster.second_factors import recovery_codes, totp
from roster.second_factors.codes import Codes
from roster.second_factors.models import Enrolment, RecoveryCodes
from roster.second_factors.repository import (
    Factor,
    PasswordNeedsSecondFactorError,
    Proof,
    SecondFactorChangedMeanwhileError,
    SecondFactorExistsError,
    SecondFactorNotFoundError,
    SecondFactors,
)


class Enrolments:
    """Gives callers a second factor and takes it away; *issuer* is the name that authenticators show."""

    def __init__(self, factors: SecondFactors, accounts: Accounts, codes: Codes, issuer: str) -> None:
        self._factors = factors
        self._accounts = accounts
        self._codes = codes
        self._issuer = issuer

    def enrol(self, password: str, caller: Caller) -> Enrolment:
        """
        Return a secret that counts once it is confirmed; an earlier one that was not is void.

        Raises:
            SecondFactorsOffError: If no key is configured.
            UnauthenticatedError, InvalidInputError: As `current_password.require`.
            SecondFactorExistsError: If one is confirmed.
        """
        secret = self._codes.new_secret(caller.user_id)
        account = current_password.require(self._accounts, caller, password)
        if not self._factors.enrol(caller.user_id, secret.sealed):
            raise SecondFactorExistsError
        self._codes.forget_failures(caller.user_id)
        uri = totp.provisioning_uri(secret.plain, issuer=self._issuer, account=account.email)
        return Enrolment(totp.base32(secret.plain), uri)

    def confirm(self, code: str, caller: Caller) -> RecoveryCodes:
        """
        Let logins ask for codes from now on, and return the recovery codes.

        Raises:
            SecondFactorNotFoundError: If there is nothing to confirm.
            SecondFactorExistsError: If it is confirmed already.
            InvalidInputError: If the code is wrong.
            SecondFactorChangedMeanwhileError: If another request confirmed or replaced it.
        """
        factor = self._factors.find(caller.user_id)
        if factor is None:
            raise SecondFactorNotFoundError
        if factor.confirmed_at is not None:
            raise SecondFactorExistsError
        new = recovery_codes.make()

        def confirm(proof: Proof) -> bool:
            if proof.step is None:
                return False
            if not self._factors.confirm(factor, proof.step, _hashed(new, caller)):
                raise SecondFactorChangedMeanwhileError
            return True

        self._require(factor, code, confirm)
        return RecoveryCodes(new)

    def renew_codes(self, code: str, caller: Caller) -> RecoveryCodes:
        """
        Return new recovery codes; the old ones are void.

        Raises:
            SecondFactorNotFoundError: If there is no confirmed factor.
            InvalidInputError: If the code is wrong.
        """
        factor, new = self._confirmed(caller), recovery_codes.make()
        hashes = _hashed(new, caller)
        self._require(factor, code, lambda proof: self._factors.renew_codes(caller.user_id, proof, hashes))
        return RecoveryCodes(new)

    def disable(self, password: str, code: str, caller: Caller) -> None:
        """
        Let logins ask for the password alone.

        Raises:
            UnauthenticatedError, InvalidInputError: As `current_password.require`, or the code is wrong.
            SecondFactorNotFoundError: If there is no confirmed factor.
            PasswordNeedsSecondFactorError: If the password is shorter than it has to be without one.
        """
        factor = self._confirmed(caller)
        current_password.require(self._accounts, caller, password)
        if password_length.is_short(password, has_second_factor=False):
            raise PasswordNeedsSecondFactorError
        self._require(factor, code, lambda proof: self._factors.disable(caller.user_id, proof))

    def _confirmed(self, caller: Caller) -> Factor:
        factor = self._factors.find(caller.user_id)
        if factor is None or factor.confirmed_at is None:
            raise SecondFactorNotFoundError
        return factor

    def _require(self, factor: Factor, code: str, use: Callable[[Proof], bool]) -> None:
        if not self._codes.attempt(factor, code, use):
            raise InvalidInputError(FieldProblem("body.code", "wrong_code", "The code is wrong or was used before."))


def _hashed(codes: list[str], caller: Caller) -> list[bytes]:
    return [recovery_codes.hashed(caller.user_id, code) for code in codes]
