"""What a fault is: a name of the list, what happens, for how long, and how it is undone."""

import contextlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.faults.stage import Stage

Step = Callable[[], object]
Striking = Callable[[Stage], "contextlib.AbstractContextManager[Step]"]


class Fault(NamedTuple):
    """
    *number* is that of the list (docs/faults.md). *strike* makes it and undoes it; the step is done all the while.

    It is a fault *of* Redis, PostgreSQL or the environments. One that *disturbs* keeps somebody away from Redis, or
    takes from it what it knew. Of one that is not *felt* no caller may notice anything: none of their requests fails.
    """

    number: str
    what: str
    of: str
    seconds: float
    disturbs: bool
    felt: bool
    strike: Striking


def fault(
    number: str, what: str, *, of: str, seconds: float = 4.0, disturbs: bool = False, felt: bool = True
) -> Callable[[Callable[[Stage], Iterator[Step]]], Fault]:
    """Make a fault of a function that makes it, yields what is done while it lasts, and undoes it."""

    def decorate(function: Callable[[Stage], Iterator[Step]]) -> Fault:
        return Fault(number, what, of, seconds, disturbs, felt, contextlib.contextmanager(function))

    return decorate


def nothing() -> None:
    """Do nothing while a fault lasts."""
