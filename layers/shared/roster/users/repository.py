"""The port to the users, and what it may fail with."""

from typing import NamedTuple, Protocol

from roster.auth.address import Address
from roster.auth.caller import Role
from roster.errors import ConflictError, MissingError
from roster.infrastructure.versions import Versions
from roster.users.listing import Listing, Slice
from roster.users.models import Status, User


class UserNotFoundError(MissingError):
    code = "user_not_found"
    message = "There is no such user."


class EmailTakenError(ConflictError):
    code = "email_taken"
    message = "Another user already has this email address."


class LastAdminError(ConflictError):
    code = "last_admin"
    message = "There has to be an active admin, and this is the last one."


class NewUser(NamedTuple):
    address: Address
    name: str
    role: Role
    password_hash: str


class NewValues(NamedTuple):
    """New values for some fields of a user; None leaves a field as it is."""

    address: Address | None = None
    name: str | None = None
    role: Role | None = None
    status: Status | None = None


class Users(Protocol):
    """The living users. Erased ones are not there, for any method."""

    def find(self, user_id: int) -> User | None:
        """Return the user with that id."""

    def page(self, listing: Listing) -> Slice:
        """Return the part of a list that *listing* asks for: keyset pagination, in any order and filtered."""

    def add(self, new: NewUser) -> User:
        """
        Register a user.

        Raises:
            EmailTakenError: If a living user has that canonical address.
        """

    def change(self, user_id: int, values: NewValues, versions: Versions = None) -> User:
        """
        Change a user and return them with the next version; of two changes to one version one wins.

        A new canonical address is not verified. Disabling a user ends their sessions.

        Raises:
            UserNotFoundError: If there is no such user.
            StaleVersionError: If the user's version is none of *versions*.
            EmailTakenError: If another living user has that canonical address.
            LastAdminError: If no active admin would be left; of two admins who demote each other one stays.
        """

    def remove(self, user_id: int, versions: Versions = None) -> None:
        """
        Erase a user's personal data, password and second factor, and end their sessions; the id is never used again.

        Answers that are kept for their requests, or about them, go as well.

        Raises:
            UserNotFoundError: If there is no such user.
            StaleVersionError: If the user's version is none of *versions*.
            LastAdminError: If no active admin would be left.
        """


class PendingRegistrations(Protocol):
    """Registrations that wait for their address to be verified: nobody learns from them whether it is taken."""

    def add(self, new: NewUser) -> None:
        """Keep a registration and ask for the mail that tells the rest; the same work for a taken address."""
