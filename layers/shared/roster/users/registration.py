"""The rules of registering."""

from collections.abc import Callable
from typing import Literal

from roster.auth import address, guessable
from roster.auth.caller import Caller
from roster.errors import NotAllowedError
from roster.users.models import User
from roster.users.repository import NewUser, PendingRegistrations, Users

Mode = Literal["open", "verified", "closed"]


class Registrations:
    """Adds users: at once where registration is open, once their address is verified, or for admins only."""

    def __init__(
        self, users: Users, pending: PendingRegistrations, hash_password: Callable[[str], str], mode: Mode
    ) -> None:
        self._users = users
        self._pending = pending
        self._hash_password = hash_password
        self._mode = mode

    def add(self, email: str, name: str, password: str, caller: Caller | None) -> User | None:
        """
        Register a user with the role `user`; None if that waits for the address to be verified.

        Raises:
            NotAllowedError: If registration is closed and the caller is no admin.
            InvalidInputError: If the password is the user's own address or name.
            EmailTakenError: If a living user has that address, where that may be told.
        """
        is_admin = caller is not None and caller.is_admin
        if self._mode == "closed" and not is_admin:
            raise NotAllowedError
        guessable.refuse_own(password, email, name, field="body.password")
        new = NewUser(address.parse(email), name, "user", self._hash_password(password))
        if self._mode == "verified" and not is_admin:
            self._pending.add(new)
            return None
        return self._users.add(new)
