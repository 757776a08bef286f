"""The rules of logging in and of changing a password."""

from roster.auth import address, current_password, guessable, password_length, passwords
from roster.auth.caller import Caller
from roster.auth.repository import Account, AccountDisabledError, Accounts, LoginFailures, WrongCredentialsError
from roster.errors import (
    ConflictError,
    NotAllowedError,
    UnavailableError,
)
from roster.infrastructure import observability


class PasswordChangedMeanwhileError(ConflictError):
    code = "password_changed_meanwhile"
    message = "The password was changed by another request."


class Authentication:
    """Tells who somebody is by their password, and changes it."""

    def __init__(self, accounts: Accounts, failures: LoginFailures) -> None:
        self._accounts = accounts
        self._failures = failures

    def log_in(self, email: str, password: str) -> Account:
        """
        Return the account with that address and password.

        Exactly one hash is computed whether the address is known or not, and one more if this login succeeds
        and the kept hash has outdated parameters.

        Raises:
            WrongCredentialsError: For an unknown address, a wrong password and a blocked account alike.
            AccountDisabledError: Only to someone who knows the password.
        """
        canonical = address.parse(email).canonical
        account = self._accounts.find_by_address(canonical)
        is_right = passwords.matches(password, account.password_hash if account else None)
        counts = self._failures.settle(canonical, is_right=is_right)
        if account is None or not (is_right and counts):
            observability.count("LoginFailures")
            raise WrongCredentialsError
        if not account.is_active:
            raise AccountDisabledError
        if passwords.is_outdated(account.password_hash):
            self._rehash(account, password)
        return account

    def change_password(self, user_id: int, current: str, new: str, caller: Caller) -> None:
        """
        Replace the caller's own password; all of their sessions end, this one included.

        Raises:
            NotAllowedError: For anyone else's, also for an admin.
            UnauthenticatedError: If the caller's account is gone.
            InvalidInputError: If *current* is not the password, or *new* is the user's own address or name, or
                shorter than it has to be for them.
            PasswordChangedMeanwhileError: If another request changed it at the same time.
        """
        if caller.user_id != user_id:
            raise NotAllowedError
        account = current_password.require(self._accounts, caller, current)
        password_length.refuse_short(new, has_second_factor=account.has_second_factor, field="body.new_password")
        guessable.refuse_own(new, account.email, account.name, field="body.new_password")
        if not self._accounts.change_password(user_id, account.password_hash, passwords.hashed(new)):
            raise PasswordChangedMeanwhileError

    def _rehash(self, account: Account, password: str) -> None:
        """Keep the password under the current parameters; a change meanwhile wins, and no login fails here."""
        try:
            self._accounts.rehash(account.user_id, account.password_hash, passwords.hashed(password))
        except UnavailableError:
            observability.count("RehashFailed")
