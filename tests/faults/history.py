"""
What clients did and saw, noted as it happens, and read back: one file each, which outlives whoever writes it.

All moments are nanoseconds of the one monotonic clock (`time.monotonic_ns`) of the machine. A write is on file before
it is sent, so that a client may be killed at any moment; reads, of which there are millions, are kept for a while.
"""

import os
import struct
import time
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path

Record = tuple[int, int, int, int, int, int, int, int]

# In the order that `records` says.
_RECORD = struct.Struct("<BBHIqqqq")
_BUFFERED = 1000 * _RECORD.size
CLIENT, ENDED = 254, 255


class What(IntEnum):
    """
    An operation, and what its *subject*, *value* and *version* are.

    READ: a user, the number in the name that was found, the version of the ETag; 0 and 0 where there was no such user.
    LOOK: a session, and 1 where it was let in, 0 where it was refused.
    WRITE: a user, the number in the new name, the version that was given to it.
    ORDER: an idempotency key, and the id of the order that was answered.
    LOGOUT: a session.
    """

    READ = 0
    LOOK = 1
    WRITE = 2
    ORDER = 3
    LOGOUT = 4


class Outcome(IntEnum):
    """UNKNOWN is also what became of an operation whose end nobody noted; FAILED was surely not done."""

    UNKNOWN = 0
    OK = 1
    FAILED = 2


class Notes:
    """
    The notes of one client, for one thread; *file* has to be new.

    A *status* is that of HTTP, 0 where there was no answer.
    """

    def __init__(self, file: Path, client: int) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        self._begun = 0
        self._buffer = bytearray()
        os.write(self._file, _RECORD.pack(CLIENT, 0, 0, 0, client, os.getpid(), time.monotonic_ns(), 0))

    def begin(self, what: What, subject: int, value: int = 0, required: int = 0) -> int:
        """
        Note that a write, an order or a logout is about to be sent; return its number for `end`.

        *value* is the one that nobody else writes; *required* is the version of `If-Match`, 0 if there is none.
        """
        self._begun += 1
        now = time.monotonic_ns()
        os.write(self._file, _RECORD.pack(what, 0, 0, required, subject, value, now, self._begun))
        return self._begun

    def end(self, number: int, outcome: Outcome, version: int = 0, value: int = 0, status: int = 0) -> None:
        """Note what came of it; *version* and *value* (of an order: its id) are those of the answer."""
        now = time.monotonic_ns()
        os.write(self._file, _RECORD.pack(ENDED, outcome, status, version, number, value, 0, now))

    def read(self, subject: int, value: int, version: int, invoked: int, returned: int) -> None:
        """Note a read that is over."""
        self._keep(What.READ, 1, 200, version, subject, value, invoked, returned)

    def look(self, session: int, is_alive: bool, invoked: int, returned: int) -> None:
        """Note that a session was let in, or refused as one that is over."""
        self._keep(What.LOOK, 1, 200 if is_alive else 401, 0, session, is_alive, invoked, returned)

    def missed(self, what: What, subject: int, status: int, invoked: int, returned: int) -> None:
        """Note a read or a look that told nothing: a 503, say."""
        self._keep(what, 2, status, 0, subject, 0, invoked, returned)

    def _keep(self, *values: int) -> None:
        self._buffer += _RECORD.pack(*values)
        if len(self._buffer) >= _BUFFERED:
            self.flush()

    def flush(self) -> None:
        os.write(self._file, self._buffer)
        self._buffer.clear()

    def close(self) -> None:
        self.flush()
        os.close(self._file)


def records(file: Path) -> Iterator[Record]:
    """
    Yield what stands in a file: kind, outcome, status, version, subject, value, invoked, returned.

    It opens with a record of kind CLIENT, whose *subject* says which. What was begun has its number in place of
    *returned*, and the record of kind ENDED has it as *subject*. A last record that was cut short is left out.
    """
    with file.open("rb") as opened:
        while whole := _whole(opened.read(_BUFFERED)):
            yield from _RECORD.iter_unpack(whole)


def _whole(octets: bytes) -> bytes:
    return octets[: len(octets) - len(octets) % _RECORD.size]
