"""Serving: a port of our own, an HTTP server on it, and reload, until someone says stop."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any

import uvicorn

from local.asgi import Application
from local.errors import LocalStackError
from local.ports import LOOPBACK
from local.stopping import StopSwitch

Task = Callable[[asyncio.Event], Coroutine[Any, Any, None]]

_GRACE_SECONDS = 3
_MOST_OPEN_CONNECTIONS = 1000
_HEAD_BYTES = 65_536  # the gateway itself refuses heads over 10,240 bytes, in its own words


class _Server(uvicorn.Server):
    """An HTTP server that leaves the signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def take_port(port: int) -> socket.socket:
    """
    Return a socket on the port, so that nobody else gets it while the rest starts; 0 takes a free one.

    Raises:
        LocalStackError: If it is taken.
    """
    # Named TCP, or asyncio leaves Nagle's algorithm on, and each answer waits 40 ms for an acknowledgement.
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((LOOPBACK, port))
        taken.listen()
    except (OSError, OverflowError) as error:
        taken.close()
        reason = "may not be used" if isinstance(error, PermissionError | OverflowError) else "is taken"
        raise LocalStackError(
            f"Port {port} {reason}. Choose another (make start PORT=3001), or stop what uses it (lsof -i :{port})."
        ) from error
    return taken


def serve(application: Application, tasks: Iterable[Task], port: socket.socket, switch: StopSwitch) -> None:
    """Answer requests on *port* until the switch is pressed, with *tasks* beside; all then have seconds to end."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        application,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_OPEN_CONNECTIONS,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    asyncio.run(_run(_Server(config), tasks, port, switch))


async def _run(server: uvicorn.Server, tasks: Iterable[Task], port: socket.socket, switch: StopSwitch) -> None:
    def stop() -> None:
        server.should_exit = True

    stopped = asyncio.Event()
    running = [asyncio.create_task(task(stopped)) for task in tasks]
    switch.on_press(stop)
    await server.serve(sockets=[port])
    stopped.set()
    await asyncio.gather(*running)
