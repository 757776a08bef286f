"""A TCP proxy in front of a server: it leads to another one from one moment to the next, or to nobody."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from local.ports import LOOPBACK

Result = TypeVar("Result")


@dataclass(slots=True)
class Cuts:
    """Where to cut: at the *occurrences*th mark from now on, and no other."""

    mark: bytes
    occurrences: int
    hands_on: bool

    def come_now(self, data: bytes) -> bool:
        self.occurrences -= self.mark in data
        return self.occurrences == 0 and self.mark in data


class FaultProxy:
    """
    Listens on *port* and passes everything on to *target*, a port too; None refuses everyone.

    With a *context* it ends TLS, as a server without it needs.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.target: int | None = None
        self._context = context
        self._cuts: Cuts | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def start(self) -> None:
        self._thread.start()
        self._server = self._wait(asyncio.start_server(self._serve, LOOPBACK, 0, ssl=self._context))
        self.port = int(self._server.sockets[0].getsockname()[1])

    def point_to(self, target: int | None) -> None:
        """Lead everyone elsewhere from now on; connections that are open are cut."""
        self.target = target
        self._wait(self._cut())

    def cut_at(self, mark: bytes, *, occurrence: int, hands_on: bool) -> None:
        """
        Cut the connection on which *mark* comes from a client for the *occurrence*th time; this happens once.

        What holds the mark is handed on before or not at all; either way the client gets no answer.
        """
        self._cuts = Cuts(mark, occurrence, hands_on)

    def close(self) -> None:
        self._wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _stop(self) -> None:
        """Stop listening once every connection has gone: the other way round asyncio stumbles over the last one."""
        self.target = None
        for _ in range(100):
            await self._cut()
            await asyncio.sleep(0.01)
            if asyncio.all_tasks(self._loop) == {asyncio.current_task()}:
                break
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            if self.target is not None:
                answers, questions = await asyncio.open_connection(LOOPBACK, self.target)
                await asyncio.gather(self._pass_on(reader, questions, writer), self._pass_on(answers, writer))
        writer.transport.abort()

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, client: asyncio.StreamWriter | None = None
    ) -> None:
        self._open.add(sink)
        try:
            while data := await source.read(65_536):
                if client and self._cuts and self._cuts.come_now(data):
                    client.transport.abort()
                    if not self._cuts.hands_on:
                        break
                sink.write(data)
        finally:
            self._open.discard(sink)
            sink.transport.abort()


@contextlib.contextmanager
def fault_proxy(context: ssl.SSLContext | None = None) -> Iterator[FaultProxy]:
    proxy = FaultProxy(context)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.close()
