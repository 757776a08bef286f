"""The rules of registering."""

from collections.abc import Callable

from roster.auth import address, guessable
from roster.auth.caller import Caller
from roster.errors import NotAllowedError
from roster.users.models import User
from roster.users.repository import NewUser, Users


class Registrations:
    """Adds users; where registration is not open, for admins only."""

    def __init__(self, users: Users, hash_password: Callable[[str], str], *, is_open: bool) -> None:
        self._users = users
        self._hash_password = hash_password
        self._is_open = is_open

    def add(self, email: str, name: str, password: str, caller: Caller | None) -> User:
        """
        Register a user with the role `user`.

        Raises:
            NotAllowedError: If registration is closed and the caller is no admin.
            InvalidInputError: If the password is the user's own address or name.
            EmailTakenError: If a living user has that address.
        """
        if not (self._is_open or (caller and caller.is_admin)):
            raise NotAllowedError
        guessable.refuse_own(password, email, name, field="body.password")
        return self._users.add(NewUser(address.parse(email), name, "user", self._hash_password(password)))
