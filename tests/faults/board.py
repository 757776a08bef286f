"""What all processes of a campaign see at once: clocks, counters, the newest sessions, and whether it is over."""

import mmap
from enum import IntEnum
from pathlib import Path

ENVIRONMENTS_MAX, COMERS_MAX = 16, 128
SESSIONS_KEPT = 4
_SLOTS = 32
_OF_ENVIRONMENTS = _SLOTS
_OF_COMERS = _OF_ENVIRONMENTS + ENVIRONMENTS_MAX * _SLOTS
_OF_ONE_COMER = 1 + SESSIONS_KEPT
_NUMBERS = _OF_COMERS + COMERS_MAX * _OF_ONE_COMER


class Slot(IntEnum):
    """
    Numbers of one environment. The nemesis sets the first three, everything else is counted by the environment.

    HANDED is a key to order with that another environment is ordering with at the moment; ORDERING is the one that this
    one is at, so that whoever stands in its place after its death can ask again.
    """

    CLOCK_MS = 0
    FREEZES = 1
    HANDED = 2
    READS = 3
    LOOKS = 4
    WRITES = 5
    UNAVAILABLE = 6
    UNKNOWN = 7
    REFUSED = 8
    WRONG = 9
    HITS = 10
    MISSES = 11
    FENCE_MOVES = 12
    READY = 13
    ORDERING = 14


class Board:
    """A file in shared memory; each number on it has one writer at a time."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(8 * _NUMBERS))
        with file.open("r+b") as opened:
            self._numbers = memoryview(mmap.mmap(opened.fileno(), 0)).cast("q")

    @property
    def is_over(self) -> bool:
        return self._numbers[0] > 0

    def end(self) -> None:
        self._numbers[0] = 1

    def get(self, environment: int, slot: Slot) -> int:
        return self._numbers[_OF_ENVIRONMENTS + environment * _SLOTS + slot]

    def set(self, environment: int, slot: Slot, number: int) -> None:
        self._numbers[_OF_ENVIRONMENTS + environment * _SLOTS + slot] = number

    def count(self, environment: int, slot: Slot) -> None:
        self._numbers[_OF_ENVIRONMENTS + environment * _SLOTS + slot] += 1

    def total(self, slot: Slot) -> int:
        return sum(self.get(each, slot) for each in range(ENVIRONMENTS_MAX))

    def reserve_session(self, comer: int) -> int:
        """Return the next number of a session; nobody gets it twice, whatever becomes of who got it."""
        place = _OF_COMERS + comer * _OF_ONE_COMER
        self._numbers[place] += 1
        return self._numbers[place]

    def publish_session(self, comer: int, number: int) -> None:
        """Show a session that is open, in place of an older one."""
        self._numbers[_OF_COMERS + comer * _OF_ONE_COMER + 1 + number % SESSIONS_KEPT] = number

    def sessions(self, comer: int) -> list[int]:
        place = _OF_COMERS + comer * _OF_ONE_COMER + 1
        return [number for number in self._numbers[place : place + SESSIONS_KEPT] if number]
