"""One object for the life of a process, however many threads ask for it first."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class once(Generic[Made]):  # noqa: N801 (a decorator)
    """Make a function without arguments return what it returned the first time."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[Made] = []

    def __call__(self) -> Made:
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]

    def made(self) -> list[Made]:
        """Return what was made, if anything."""
        return self._made[:]

    def forget(self) -> list[Made]:
        """Return what was made, if anything, and make it anew the next time."""
        with self._lock:
            made, self._made = self._made, []
        return made
