"""What is done once more after it failed, and how often: only what is known not to have happened."""

import psycopg2

from roster.errors import UnavailableError
from roster.infrastructure import deadline
from roster.infrastructure.database_errors import is_contended
from roster.infrastructure.transactions import CutCommitError

CONTENDED_MAX = 3
_LOST_PAUSE_SECONDS = 0.1
_CONTENDED_PAUSE_SECONDS = 0.02


class LostConnectionError(Exception):
    """The connection broke, or is of no use any more, before COMMIT was sent: nothing has happened."""

    def __init__(self, cause: psycopg2.Error, *, idled: bool) -> None:
        super().__init__()
        self.cause = cause
        self.idled = idled


Failure = psycopg2.Error | LostConnectionError | CutCommitError


class Attempts:
    """
    Counts the failures of one piece of work.

    A connection is replaced once, and one that cannot be opened is not tried again: whoever is short of connections
    is not helped by more who ask for one.
    """

    def __init__(self) -> None:
        self.has_lost_one = False
        self._contended = 0

    def prepare_another(self, failure: Failure) -> None:
        """
        Return when the work may be done once more.

        Raises:
            psycopg2.Error: What went wrong, if it may not.
            UnavailableError: The same, after a COMMIT that did not happen.
        """
        if not self._may_go_on(failure):
            raise _cause(failure)
        if isinstance(failure, psycopg2.Error):
            deadline.pause(_CONTENDED_PAUSE_SECONDS * self._contended)
        elif not (isinstance(failure, LostConnectionError) and failure.idled):
            deadline.pause(_LOST_PAUSE_SECONDS)
        if not deadline.remaining_seconds():
            raise _cause(failure)

    def _may_go_on(self, failure: Failure) -> bool:
        if isinstance(failure, psycopg2.Error):
            self._contended += 1
            return is_contended(failure) and self._contended <= CONTENDED_MAX
        is_first, self.has_lost_one = not self.has_lost_one, True
        return is_first


def _cause(failure: Failure) -> psycopg2.Error | UnavailableError:
    if isinstance(failure, LostConnectionError):
        return failure.cause
    return failure if isinstance(failure, psycopg2.Error) else UnavailableError()
