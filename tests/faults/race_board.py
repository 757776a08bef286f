"""What all processes of a race see at once: how far each has come, and whether it is over."""

import mmap
import struct
from pathlib import Path

ASKED = 40
"""From there on, by client, how often PostgreSQL was asked."""

_PLACES = 64
_NUMBER = struct.Struct("q")


class Board:
    """A file in shared memory; each number on it, from 1 on, has one writer."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(_NUMBER.size * _PLACES))
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), 0)

    @property
    def is_over(self) -> bool:
        return self.get(0) > 0

    def end(self) -> None:
        self.set(0, 1)

    def get(self, place: int) -> int:
        (number,) = _NUMBER.unpack_from(self._memory, place * _NUMBER.size)
        return int(number)

    def set(self, place: int, number: int) -> None:
        _NUMBER.pack_into(self._memory, place * _NUMBER.size, number)

    def count(self, place: int) -> None:
        self.set(place, self.get(place) + 1)
