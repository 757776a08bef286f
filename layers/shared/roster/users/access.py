"""Who may see a user and what is theirs, and what a caller is told of a user who is not there."""

from roster.auth.caller import Caller
from roster.errors import NotAllowedError, UnauthenticatedError
from roster.users.repository import UserNotFoundError


def require_may_see(caller: Caller, user_id: int) -> None:
    """
    Refuse whoever is neither that user nor an admin.

    Raises:
        NotAllowedError: Also when there is no such user, so that ids cannot be probed.
    """
    if not caller.may_see(user_id):
        raise NotAllowedError


def missing(user_id: int, caller: Caller) -> Exception:
    """Return the error about a user who is not there; the caller's own token has then outlived its user."""
    return UnauthenticatedError() if caller.user_id == user_id else UserNotFoundError()
