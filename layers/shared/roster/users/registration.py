"""The rules of registering."""

from collections.abc import Callable
from typing import Literal

from roster.auth import address, guessable
from roster.auth.caller import Caller
from roster.errors import NotAllowedError
from roster.idempotency.models import NO_KEY, Answer, IdempotencyKey, Kind
from roster.idempotency.repository import FirstAnswers
from roster.users.models import User
from roster.users.repository import NewUser, PendingRegistrations, Users

Mode = Literal["open", "verified", "closed"]

_REGISTERED = Kind[User | None](User | None, lambda user: user.id if user else None)


class Registrations:
    """Adds users: at once where registration is open, once their address is verified, or for admins only."""

    def __init__(
        self,
        users: Users,
        pending: PendingRegistrations,
        answers: FirstAnswers,
        hash_password: Callable[[str], str],
        mode: Mode,
    ) -> None:
        self._users = users
        self._pending = pending
        self._answers = answers
        self._hash_password = hash_password
        self._mode = mode

    def add(
        self, email: str, name: str, password: str, caller: Caller | None, key: IdempotencyKey = NO_KEY
    ) -> Answer[User | None]:
        """
        Register a user with the role `user`; None if that waits for the address to be verified.

        Once for each key, which tells what the first request came to, even if that user has changed since.

        Raises:
            NotAllowedError: If registration is closed and the caller is no admin.
            InvalidInputError: If the password is the user's own address or name.
            EmailTakenError: If a living user has that address, where that may be told.
            RequestInFlightError: If the same request is being worked on.
        """
        is_admin = caller is not None and caller.is_admin
        if self._mode == "closed" and not is_admin:
            raise NotAllowedError
        guessable.refuse_own(password, email, name, field="body.password")
        new = NewUser(address.parse(email), name, "user", self._hash_password(password))
        add = self._pending.add if self._mode == "verified" and not is_admin else self._users.add
        return self._answers.first(key, _REGISTERED, lambda: add(new))
