"""
What can go wrong, in words of the domain; `api/problems.py` gives each kind its HTTP status.

    RosterError
    ├── MalformedRequestError    cannot be read at all
    ├── InvalidInputError        can be read, but breaks a rule; carries one problem per field
    ├── UnauthenticatedError     the caller is unknown
    ├── NotAllowedError          the caller is known and may not
    ├── MissingError             there is no such thing
    ├── ConflictError            another thing is in the way
    ├── StaleVersionError        it changed since the caller read it
    ├── TooManyRequestsError     the caller, or where they come from, asks too often
    └── UnavailableError         a dependency is away; trying again may help
"""

from typing import ClassVar, NamedTuple


class FieldProblem(NamedTuple):
    """What is wrong with one field: its path (`body.email`), a stable code, a sentence without the value."""

    field: str
    code: str
    message: str


class RosterError(Exception):
    """The root: `code` is stable and documented, `message` is for people and holds no internals."""

    code: ClassVar[str] = "internal_error"
    message: ClassVar[str] = "Something went wrong on our side."

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__(self.code)
        self.problems = problems


class MalformedRequestError(RosterError):
    code = "malformed_request"
    message = "The request could not be read."


class InvalidInputError(RosterError):
    code = "invalid_input"
    message = "Some fields are not valid."


class UnauthenticatedError(RosterError):
    code = "invalid_token"
    message = "A valid access token is required."


class NotAllowedError(RosterError):
    code = "not_allowed"
    message = "You are not allowed to do this."


class MissingError(RosterError):
    code = "not_found"
    message = "There is no such thing."


class ConflictError(RosterError):
    code = "conflict"
    message = "The change conflicts with something else."


class StaleVersionError(RosterError):
    code = "stale_version"
    message = "The resource has changed since it was read."


class TooManyRequestsError(RosterError):
    """Says after how many seconds it may be tried again."""

    code = "too_many_requests"
    message = "Too many requests."

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class UnavailableError(RosterError):
    code = "unavailable"
    message = "The service is not available at the moment."
    retry_after_seconds: ClassVar[int] = 1


class OutcomeUnknownError(UnavailableError):
    """The connection broke during COMMIT: the change may or may not have happened."""

    code = "outcome_unknown"
    message = "The connection was lost while saving. Check whether the change was made before trying again."
