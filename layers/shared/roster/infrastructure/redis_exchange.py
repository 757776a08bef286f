"""
How commands to Redis and their replies are written and read, on a connection that redis-py opens, signs in and lends.

Its pipelines cost a fifth of a whole request more (docs/decisions/0042-redis-exchange.md); replies and errors are the
same, which tests hold.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import redis
from redis._parsers.base import BaseParser

from roster.infrastructure.scripts import Command

_CHUNK = 65_536


class ProtocolError(redis.ConnectionError):
    """What came is no reply to what was sent: the connection is of no use any more."""


class Socket(Protocol):
    """A socket, as far as it is read."""

    def recv(self, size: int, /) -> bytes: ...


def replies(socket: Socket, count: int) -> list[object]:
    """
    Return that many replies, for a refusal its error.

    Raises:
        redis.RedisError: If they do not come in time, or the connection broke; it is of no use any more.
    """
    source = Replies(socket)
    try:
        found = [source.next() for _ in range(count)]
    except TimeoutError:
        raise redis.TimeoutError("Redis did not answer in time.") from None
    except ValueError:
        raise ProtocolError("Redis sent no number where one belongs.") from None
    except OSError as error:
        raise redis.ConnectionError(f"The connection to Redis broke: {type(error).__name__}.") from None
    source.require_end()
    return found


def packed(commands: Sequence[Command]) -> bytes:
    """Return the commands as arrays of bulk strings (RESP, the protocol of Redis)."""
    parts: list[str] = []
    for command in commands:
        parts.append(f"*{len(command)}\r\n")
        for argument in command:
            letters = argument if isinstance(argument, str) and argument.isascii() else _letters(argument)
            parts.append(f"${len(letters)}\r\n{letters}\r\n")
    return "".join(parts).encode("latin-1")


def _letters(argument: str | int | bytes) -> str:
    """Return the argument's octets as a letter each: text is put together faster than bytes are."""
    if isinstance(argument, int):
        return str(argument)
    return (argument.encode() if isinstance(argument, str) else argument).decode("latin-1")


class Replies:
    """Reads one reply after the other from *source*, of RESP 2 and 3 as far as scripts can return it."""

    def __init__(self, socket: Socket) -> None:
        self._socket, self._data, self._at = socket, b"", 0

    def next(self) -> object:
        """Return the next reply; one that Redis pushed unasked is passed over."""
        while (end := self._data.find(b"\r\n", self._at)) < 0:
            self._receive()
        start, self._at = self._at, end + 2
        read = _READERS.get(self._data[start : start + 1])
        if read is None:
            raise ProtocolError("Redis sent what no script returns.")
        return read(self, self._data[start + 1 : end])

    def text(self, length: bytes) -> bytes | None:
        return None if length == b"-1" else self._exactly(int(length))

    def array(self, length: bytes) -> list[object] | None:
        return None if length == b"-1" else [self.next() for _ in range(int(length))]

    def pushed(self, length: bytes) -> object:
        self.array(length)
        return self.next()

    def require_end(self) -> None:
        if self._at != len(self._data):
            raise ProtocolError("Redis sent more than it was asked for.")

    def _exactly(self, length: int) -> bytes:
        while len(self._data) < self._at + length + 2:
            self._receive()
        start, self._at = self._at, self._at + length + 2
        return self._data[start : start + length]

    def _receive(self) -> None:
        received = self._socket.recv(_CHUNK)
        if not received:
            raise ProtocolError("Redis closed the connection.")
        self._data, self._at = self._data[self._at :] + received, 0


def _error(text: bytes) -> Exception:
    error: Exception = BaseParser.parse_error(text.decode("utf-8", "replace"))  # type: ignore[no-untyped-call]
    if isinstance(error, redis.ConnectionError):
        raise error
    return error


_READERS: Mapping[bytes, Callable[[Replies, bytes], object]] = {
    b"$": Replies.text,
    b"*": Replies.array,
    b">": Replies.pushed,
    b":": lambda _, number: int(number),
    b"+": lambda _, status: status,
    b"_": lambda _, __: None,
    b"-": lambda _, text: _error(text),
}
