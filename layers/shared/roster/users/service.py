"""The rules about users: who may do what to whom."""

from roster.auth import address
from roster.auth.caller import Caller
from roster.errors import FieldProblem, InvalidInputError, NotAllowedError
from roster.infrastructure import versions as row_versions
from roster.infrastructure.versions import Versions
from roster.users import access
from roster.users.listing import Listing, Slice
from roster.users.models import Changes, User
from roster.users.repository import NewValues, UserNotFoundError, Users


class UserService:
    """Shows, changes and erases users for callers."""

    def __init__(self, users: Users) -> None:
        self._users = users

    def get(self, user_id: int, caller: Caller) -> User:
        """
        Return the user, if *caller* may see them.

        Raises:
            NotAllowedError: Also when there is no such user, so that ids cannot be probed.
            UserNotFoundError: If an admin asks for someone who does not exist.
            UnauthenticatedError: If the caller's own account is gone.
        """
        access.require_may_see(caller, user_id)
        user = self._users.find(user_id)
        if user is None:
            raise access.missing(user_id, caller)
        return user

    def list(self, listing: Listing, caller: Caller) -> Slice:
        """
        Return a part of the list of users.

        Raises:
            NotAllowedError: Unless the caller is an admin.
        """
        if not caller.is_admin:
            raise NotAllowedError
        return self._users.page(listing)

    def change(self, user_id: int, changes: Changes, versions: Versions, caller: Caller) -> User:
        """
        Change the named fields and return the user; naming none changes nothing.

        Raises:
            NotAllowedError, UserNotFoundError, UnauthenticatedError: As `get`.
            InvalidInputError: If anyone but an admin names role or status.
            StaleVersionError: If the user's version is none of *versions*.
            EmailTakenError: If another living user has that address.
        """
        access.require_may_see(caller, user_id)
        _require_may_change(caller, changes)
        if changes == Changes():
            return self._unchanged(user_id, versions, caller)
        email = None if changes.email is None else address.parse(changes.email)
        values = NewValues(email, changes.name, changes.role, changes.status)
        try:
            return self._users.change(user_id, values, versions)
        except UserNotFoundError:
            raise access.missing(user_id, caller) from None

    def remove(self, user_id: int, versions: Versions, caller: Caller) -> None:
        """
        Erase the user's personal data.

        Raises:
            NotAllowedError, UserNotFoundError, UnauthenticatedError: As `get`.
            StaleVersionError: If the user's version is none of *versions*.
        """
        access.require_may_see(caller, user_id)
        try:
            self._users.remove(user_id, versions)
        except UserNotFoundError:
            raise access.missing(user_id, caller) from None

    def _unchanged(self, user_id: int, versions: Versions, caller: Caller) -> User:
        user = self.get(user_id, caller)
        row_versions.require(user.version, versions)
        return user


def _require_may_change(caller: Caller, changes: Changes) -> None:
    """Answer fields that are not the caller's to set as the contract answers unknown fields."""
    named = [name for name in ("role", "status") if getattr(changes, name) is not None]
    if named and not caller.is_admin:
        problems = [FieldProblem(f"body.{name}", "extra_forbidden", "This field is not allowed.") for name in named]
        raise InvalidInputError(*problems)
