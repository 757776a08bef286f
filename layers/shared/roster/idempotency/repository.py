"""The port to the first answers, and what asking again may fail with."""

from collections.abc import Callable
from typing import Protocol

from roster.errors import ConflictError, FieldProblem, InvalidInputError
from roster.idempotency.models import Answer, IdempotencyKey, Item, Kind

LIFE_SECONDS = 24 * 3600


class RequestInFlightError(ConflictError):
    code = "request_in_flight"
    message = "The same request is being worked on. Try again in a moment."
    retry_after_seconds = 1


class FirstAnswers(Protocol):
    """
    What named requests came to, each for 24 hours from when its name was first used.

    Names belong to the caller that the work at hand comes from, or without one to the source address.
    """

    def first(self, key: IdempotencyKey, kind: Kind[Item], effect: Callable[[], Item]) -> Answer[Item]:
        """
        Run *effect* and keep what it returns, all in one transaction; for the same request return that again.

        Without a name nothing is kept. An effect that raises leaves no answer, and the name is free for another try of
        the same request. *effect* may run twice, and does nothing but write to the same database.

        Raises:
            InvalidInputError: If another request has that name.
            RequestInFlightError: If somebody else is at it.
        """


def reused() -> InvalidInputError:
    """Return the error about a name that another request has."""
    text = "Another request has this key: the method, the path or the body differ."
    return InvalidInputError(FieldProblem("header.Idempotency-Key", "idempotency_key_reused", text))
