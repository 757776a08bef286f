"""Lets containers reach servers that listen on the loopback address only: the bridge's side of the machine, relayed."""

import asyncio
import contextlib
import functools
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

from local.errors import LocalStackError
from local.ports import LOOPBACK

_LOOPBACKS = (LOOPBACK, "localhost", "::1")
_CHUNK_BYTES = 65_536
# Podman makes its bridge with the first container; the option allows to listen there before.
_IP_FREEBIND = getattr(socket, "IP_FREEBIND", 15)


def seen_from_containers(url: str, host: str) -> str:
    """Return *url* with the loopback address replaced by *host*; other addresses are the same from everywhere."""
    parts = urlsplit(url)
    if parts.hostname not in _LOOPBACKS:
        return url
    credentials, at, _ = parts.netloc.rpartition("@")
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"{credentials}{at}{host}{port}"))


def loopback_ports(urls: list[str]) -> list[int]:
    """Return the ports of those *urls* that only this machine reaches."""
    parts = [urlsplit(url) for url in urls]
    return [part.port for part in parts if part.hostname in _LOOPBACKS and part.port]


@contextlib.asynccontextmanager
async def relayed(host: str, ports: list[int]) -> AsyncIterator[None]:
    """
    Pass connections to *host* on to the loopback address, port by port.

    Raises:
        LocalStackError: If a port is taken there.
    """
    with contextlib.ExitStack() as servers:
        for port in ports:
            server = await asyncio.start_server(functools.partial(_pass_on, port), sock=_listening(host, port))
            servers.callback(server.close)
        yield


def _listening(host: str, port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise LocalStackError(f"Containers cannot be let in at {host}:{port}: {error.strerror}.") from error
    return listener


async def _pass_on(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # A relay that ends cancels what still flows; that is no news.
    with contextlib.suppress(OSError, asyncio.CancelledError):
        their_reader, their_writer = await asyncio.open_connection(LOOPBACK, port)
        await asyncio.gather(_copy(reader, their_writer), _copy(their_reader, writer))
    writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_CHUNK_BYTES):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
