"""Proof that a caller is who the token says: the current password, asked for before what cannot be undone."""

from roster.auth import passwords
from roster.auth.caller import Caller
from roster.auth.repository import Account, Accounts
from roster.errors import FieldProblem, InvalidInputError, UnauthenticatedError


def require(accounts: Accounts, caller: Caller, password: str) -> Account:
    """
    Return the caller's account.

    Raises:
        UnauthenticatedError: If it is gone.
        InvalidInputError: If that is not the password.
    """
    account = accounts.find(caller.user_id)
    if account is None:
        raise UnauthenticatedError
    if not passwords.matches(password, account.password_hash):
        problem = FieldProblem("body.current_password", "wrong_password", "This is not the current password.")
        raise InvalidInputError(problem)
    return account
