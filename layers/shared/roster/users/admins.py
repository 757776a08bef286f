"""The first admin: nobody can log in to make one, so whoever operates the deployment does."""

import secrets
from typing import NamedTuple

from roster.auth import address, passwords
from roster.auth.repository import Account, Accounts, LoginFailures
from roster.users.repository import NewUser, NewValues, Users


class Admin(NamedTuple):
    """*password* is new and shown this once; None where the account kept its own."""

    id: int
    email: str
    password: str | None


class Admins:
    def __init__(self, users: Users, accounts: Accounts, failures: LoginFailures) -> None:
        self._users = users
        self._accounts = accounts
        self._failures = failures

    def ensure(self, email: str, name: str, *, reset_password: bool) -> Admin:
        """
        Make the user with that address an active admin, and the user if there is none; idempotent.

        A new password is good at once, however many logins failed of late.

        Raises:
            NotAnAddressError: If *email* is none.
        """
        wanted = address.parse(email)
        account = self._accounts.find_by_address(wanted.canonical)
        if account is None:
            return self._add(wanted, name)
        if account.role != "admin" or not account.is_active:
            self._users.change(account.user_id, NewValues(role="admin", status="active"))
        return Admin(account.user_id, wanted.typed, self._reset(account, wanted) if reset_password else None)

    def _add(self, wanted: address.Address, name: str) -> Admin:
        password = secrets.token_urlsafe(18)
        user = self._users.add(NewUser(wanted, name, "admin", passwords.hashed(password)))
        return Admin(user.id, user.email, password)

    def _reset(self, account: Account, wanted: address.Address) -> str:
        password = secrets.token_urlsafe(18)
        self._accounts.change_password(account.user_id, account.password_hash, passwords.hashed(password))
        self._failures.forget(wanted.canonical)
        return password
