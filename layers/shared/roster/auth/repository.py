"""The port to what logging in needs to know of a user, and what a login may fail with."""

from datetime import datetime
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
    password_changed_at: datetime
    email: str
    name: str
    has_second_factor: bool


# The n-th failure in a row blocks an account for the n-th number of seconds, and so does each one after the last.
BLOCK_SECONDS = (0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900)
# One failure is forgiven for each hour without any.
FORGIVEN_AFTER_SECONDS = 3600


class LoginFailures(Protocol):
    """How often logging in failed of late, by canonical address, whether or not anyone has it."""

    def settle(self, canonical: str, *, is_right: bool) -> bool:
        """
        Return whether an attempt counts: none does while the account is blocked.

        A wrong one that counts blocks the account as `BLOCK_SECONDS` says, a right one ends the row of failures.
        Of many attempts at once each is judged after the one before, so that all of them together learn no more.
        """

    def forget(self, canonical: str) -> None:
        """Unblock the account: its owner has proved otherwise who they are."""


class Accounts(Protocol):
    """Where password hashes are kept."""

    def find_by_address(self, canonical: str) -> Account | None:
        """Return the account of that canonical address."""

    def find(self, user_id: int) -> Account | None:
        """Return that user's account."""

    def change_password(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        """Replace the hash if it still is *old_hash*, and end the user's sessions then; return whether it was."""

    def rehash(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        """Replace the hash by another of the same password: to the user nothing was changed, and no session ends."""
