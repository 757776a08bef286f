"""Who changes what somebody may do says so, so that nobody is let in on the strength of what was before."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class StandingChange(Protocol):
    """Does *work*, a transaction, and returns its result when that is what every request of the user meets."""

    def __call__(self, user_id: int, work: Callable[[], Result]) -> Result: ...
