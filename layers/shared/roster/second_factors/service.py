"""The rules of looking at second factors, and of taking them from who lost them."""

from roster.auth.caller import Caller
from roster.errors import NotAllowedError
from roster.second_factors.models import SecondFactor
from roster.second_factors.repository import SecondFactorNotFoundError, SecondFactors


class SecondFactorService:
    """Shows callers their second factor, and removes others' for admins."""

    def __init__(self, factors: SecondFactors) -> None:
        self._factors = factors

    def get(self, caller: Caller) -> SecondFactor:
        factor = self._factors.find(caller.user_id)
        if factor is None or factor.confirmed_at is None:
            return SecondFactor(enabled=False, confirmed_at=None, recovery_codes_left=0)
        return SecondFactor(True, factor.confirmed_at, factor.codes_left)

    def remove(self, user_id: int, caller: Caller) -> None:
        """
        Take the factor from somebody who has lost the authenticator and the codes.

        Raises:
            NotAllowedError: Unless the caller is an admin; nobody does without a code what concerns themself.
            SecondFactorNotFoundError: If the user has none, or there is no such user.
        """
        if not caller.is_admin or caller.user_id == user_id:
            raise NotAllowedError
        if not self._factors.remove(user_id):
            raise SecondFactorNotFoundError
