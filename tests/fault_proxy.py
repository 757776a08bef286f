"""A TCP proxy in front of a server: it leads to another one from one moment to the next, to nobody, or nowhere."""

import asyncio
import contextlib
import os
import signal
import ssl
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from local.ports import LOOPBACK

Result = TypeVar("Result")


@dataclass(slots=True)
class Cuts:
    """Where to cut: at the *occurrences*th mark from now on, and no other; *kill* is a process that dies with it."""

    mark: bytes
    occurrences: int
    hands_on: bool
    kill: int = 0

    def come_now(self, data: bytes) -> bool:
        self.occurrences -= self.mark in data
        return self.occurrences == 0 and self.mark in data

    def end_process(self) -> None:
        if self.kill:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.kill, signal.SIGKILL)


class Way:
    """
    One port that leads to *target*, a port too; None refuses everyone.

    While it *swallows*, connections stay open and everything that is sent is lost; otherwise it arrives
    *delay_seconds* later. All of it belongs to the loop that called `listen`.
    """

    def __init__(self) -> None:
        self.target: int | None = None
        self.port = 0
        self.cuts: Cuts | None = None
        self.delay_seconds = 0.0
        self.swallows = False
        self.open: set[Passage] = set()

    async def listen(self, context: ssl.SSLContext | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: Passage(self), LOOPBACK, 0, ssl=context)
        self.port = int(self.server.sockets[0].getsockname()[1])

    def point_to(self, target: int | None) -> None:
        """Lead everyone elsewhere from now on, without delay and loss; connections that are open are cut."""
        self.target, self.swallows, self.delay_seconds = target, False, 0.0
        self.cut()

    def cut(self) -> None:
        for passage in list(self.open):
            passage.cut()


class Passage(asyncio.Protocol):
    """One connection of a client, and what is read from it."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._due = 0.0
        self._loop = asyncio.get_running_loop()
        self.client: asyncio.Transport | None = None
        self.server: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.client = transport
        self._way.open.add(self)
        if self._way.target is None:
            self.cut()
        elif not self._way.swallows:
            transport.pause_reading()
            self._connecting = self._loop.create_task(self._connect(self._way.target))

    async def _connect(self, target: int) -> None:
        try:
            await self._loop.create_connection(lambda: _Answers(self), LOOPBACK, target)
        except OSError:
            self.cut()
            return
        if self.client and not self.client.is_closing():
            self.client.resume_reading()
        else:
            self.cut()

    def data_received(self, data: bytes) -> None:
        cuts = self._way.cuts
        if cuts and cuts.come_now(data):
            self._way.cuts = None
            cuts.end_process()
            self._cut_within(data if cuts.hands_on else b"")
        else:
            self.hand_on(self.server, data)

    def hand_on(self, sink: asyncio.Transport | None, data: bytes) -> None:
        way = self._way
        if way.swallows or sink is None:
            return
        if way.delay_seconds or self._due:
            # What was sent later never overtakes, also if the delay was changed meanwhile.
            self._due = max(self._due, self._loop.time() + way.delay_seconds)
            self._loop.call_at(self._due, sink.write, data)
        else:
            sink.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.cut()

    def _cut_within(self, data: bytes) -> None:
        """Leave the client without an answer, and let the server have *data* all the same."""
        server, self.server = self.server, None
        if server:
            server.write(data)
            server.close()
        self.cut()

    def server_lost(self) -> None:
        """Let the client have what came last, and then know."""
        if self.client and not self.client.is_closing():
            self._loop.call_at(self._due, self.client.close)

    def cut(self) -> None:
        self._way.open.discard(self)
        for transport in (self.client, self.server):
            if transport:
                transport.abort()


class _Answers(asyncio.Protocol):
    """What is read from the server, for one passage."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._passage.server = transport

    def data_received(self, data: bytes) -> None:
        self._passage.hand_on(self._passage.client, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._passage.server_lost()


class FaultProxy:
    """One `Way` in a thread of its own; with a *context* it ends TLS, as a server without it needs."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._way = Way()
        self._context = context
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    @property
    def port(self) -> int:
        return self._way.port

    def start(self) -> None:
        self._thread.start()
        self._wait(self._way.listen(self._context))

    def point_to(self, target: int | None) -> None:
        """Lead everyone elsewhere from now on; connections that are open are cut."""
        self._wait(self._point_to(target))

    def cut_at(self, mark: bytes, *, occurrence: int, hands_on: bool) -> None:
        """
        Cut the connection on which *mark* comes from a client for the *occurrence*th time; this happens once.

        What holds the mark is handed on before or not at all; either way the client gets no answer.
        """
        self._way.cuts = Cuts(mark, occurrence, hands_on)

    def close(self) -> None:
        self._wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _point_to(self, target: int | None) -> None:
        self._way.point_to(target)

    async def _stop(self) -> None:
        """Stop listening once every connection has gone: the other way round asyncio stumbles over the last one."""
        for _ in range(100):
            self._way.point_to(None)
            await asyncio.sleep(0.01)
            if asyncio.all_tasks(self._loop) == {asyncio.current_task()}:
                break
        self._way.server.close()


@contextlib.contextmanager
def fault_proxy(target: int | None = None, context: ssl.SSLContext | None = None) -> Iterator[FaultProxy]:
    """Yield a proxy that leads to that port of this machine, to nobody at first where there is none."""
    proxy = FaultProxy(context)
    proxy.start()
    try:
        proxy.point_to(target)
        yield proxy
    finally:
        proxy.close()
