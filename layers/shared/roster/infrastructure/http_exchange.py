"""One HTTP request on a connection of its own, within the deadline."""

import io
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPException, HTTPResponse
from typing import NamedTuple, cast

from roster.infrastructure import deadline

_BODY_MAX = 262_144

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
    except (OSError, ValueError, HTTPException) as error:
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
    response = HTTPResponse(cast(socket.socket, _Arriving(connection)))
    response.begin()
    body = response.read(_BODY_MAX + 1)
    if response.length or len(body) > _BODY_MAX:
        raise HTTPException
    return Answer(response.status, body)


class _Arriving(io.RawIOBase):
    """What arrives on a socket, each part of it before the deadline: a time-out of the socket begins anew each time."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # typeshed says Buffer
        self._connection.settimeout(deadline.remaining_seconds())
        return self._connection.recv_into(buffer)
