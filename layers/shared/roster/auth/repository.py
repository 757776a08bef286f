"""The port to what logging in needs to know of a user, and what a login may fail with."""

from typing import NamedTuple, Protocol

from roster.auth.caller import Role
from roster.errors import NotAllowedError, UnauthenticatedError


class WrongCredentialsError(UnauthenticatedError):
    code = "wrong_credentials"
    message = "The email address or the password is wrong."


class AccountDisabledError(NotAllowedError):
    code = "account_disabled"
    message = "This account is disabled."


class Account(NamedTuple):
    """The secret side of a living user; never cached, never shown."""

    user_id: int
    role: Role
    is_active: bool
    password_hash: str
    email: str
    name: str


class Accounts(Protocol):
    """Where password hashes are kept."""

    def find_by_address(self, canonical: str) -> Account | None:
        """Return the account of that canonical address."""

    def find(self, user_id: int) -> Account | None:
        """Return that user's account."""

    def change_password(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        """Replace the hash if it still is *old_hash*; return whether it was."""

    def rehash(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        """As `change_password`, for a new hash of the same password: to the user nothing was changed."""
