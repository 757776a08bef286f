"""
One HTTP request on a connection of its own, within the deadline.

The standard library's `http.client` loads all that the library knows of e-mail, which is a tenth of a cold start.
"""

import io
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import BinaryIO, NamedTuple, cast

from roster.infrastructure import deadline

_BODY_MAX = 262_144
_LINE_MAX = 8_192

Address = tuple[str, int]


class ExchangeError(Exception):
    """There was no whole answer in time; says what kind of error that was."""


class Request(NamedTuple):
    """*headers* has a `host`: the name that the server has to prove, where TLS is asked for."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class Answer(NamedTuple):
    status: int
    body: bytes


def ask(address: Address, request: Request, context: ssl.SSLContext | None) -> Answer:
    """
    Send a request, over TLS with a *context*, and return the answer.

    Raises:
        ExchangeError: If the server cannot be reached or trusted, or has not answered before the deadline.
    """
    try:
        with closing(_connected(address, request.headers["host"], context)) as connection:
            connection.settimeout(deadline.remaining_seconds())
            connection.sendall(_written(request))
            return _read(connection)
    except (OSError, ValueError, LookupError) as error:
        raise ExchangeError(type(error).__name__) from None


def _connected(address: Address, name: str, context: ssl.SSLContext | None) -> socket.socket:
    plain = socket.create_connection(address, timeout=deadline.remaining_seconds())
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.settimeout(deadline.remaining_seconds())
        return context.wrap_socket(plain, server_hostname=name) if context else plain
    except BaseException:
        plain.close()
        raise


def _written(request: Request) -> bytes:
    headers = {**request.headers, "content-length": str(len(request.body)), "connection": "close"}
    lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + request.body


def _read(connection: socket.socket) -> Answer:
    arriving = cast(BinaryIO, io.BufferedReader(_Arriving(connection)))
    status = int(arriving.readline(_LINE_MAX).split()[1])
    headers = _headers(arriving)
    if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
        return Answer(status, b"".join(_chunks(arriving)))
    return Answer(status, _exactly(int(headers[b"content-length"]), arriving))


def _headers(arriving: BinaryIO) -> dict[bytes, bytes]:
    headers: dict[bytes, bytes] = {}
    while line := arriving.readline(_LINE_MAX).strip():
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    return headers


def _chunks(arriving: BinaryIO) -> Iterator[bytes]:
    while size := int(arriving.readline(_LINE_MAX).partition(b";")[0], 16):
        yield _exactly(size, arriving)
        arriving.readline(_LINE_MAX)


def _exactly(size: int, arriving: BinaryIO) -> bytes:
    if not 0 <= size <= _BODY_MAX or len(body := arriving.read(size)) < size:
        raise ValueError
    return body


class _Arriving(io.RawIOBase):
    """What arrives on a socket, each part of it before the deadline: a time-out of the socket begins anew each time."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # typeshed says Buffer
        self._connection.settimeout(deadline.remaining_seconds())
        return self._connection.recv_into(buffer)
