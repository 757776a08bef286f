"""Threads that run handlers, each call with a time limit."""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from typing import Any


class FunctionTimeoutError(Exception):
    """The handler ran longer than its function's Timeout."""


class IntegrationTimeoutError(Exception):
    """API Gateway would have given up by now."""


class WorkersBusyError(Exception):
    """Too many calls wait already."""


class _Call:
    """One call: waiting, then running, then over; or given up before that."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._over = False
        self.future: asyncio.Future[Any] = self._loop.create_future()
        self.started_at: float | None = None

    def run(self) -> bool:
        """Run it unless it was given up, and return whether anyone still waited at its end."""
        with self._lock:
            if self._over:
                return True
            self.started_at = time.monotonic()
        try:
            result, error = self._work(), None
        except BaseException as caught:  # noqa: BLE001 (also SystemExit: it must not end the thread)
            result, error = None, caught
        with self._lock:
            awaited, self._over = not self._over, True
        if awaited:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._deliver, result, error)
        return awaited

    def _deliver(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error if isinstance(error, Exception) else RuntimeError(repr(error)))

    def give_up(self, error: Exception) -> bool:
        """Stop waiting for it, and return whether a thread is left behind with it."""
        with self._lock:
            if self._over:
                return False
            self._over = True
            self.future.set_exception(error)
            return self.started_at is not None


class Workers:
    """
    A fixed number of threads.

    A thread cannot be ended from outside: one that runs too long is left behind, another takes its place,
    and it ends when its handler returns.
    """

    def __init__(self, count: int = 20, most_waiting: int = 500) -> None:
        self._calls: queue.SimpleQueue[_Call] = queue.SimpleQueue()
        self._most_waiting = most_waiting
        for _ in range(count):
            self._add_thread()

    def _add_thread(self) -> None:
        threading.Thread(target=self._work, daemon=True, name="handler").start()

    def _work(self) -> None:
        while self._calls.get().run():
            pass

    async def run(self, work: Callable[[], Any], timeout_seconds: float, limit_seconds: float) -> Any:
        """
        Return what *work* returns, or raise what it raises.

        Raises:
            FunctionTimeoutError: After *timeout_seconds* of running.
            IntegrationTimeoutError: After *limit_seconds*, waiting included.
            WorkersBusyError: At once, if too many wait.
        """
        if self._calls.qsize() >= self._most_waiting:
            raise WorkersBusyError
        call = _Call(work)
        self._calls.put(call)
        self._watch(call, timeout_seconds, time.monotonic() + limit_seconds)
        return await call.future

    def _watch(self, call: _Call, timeout_seconds: float, limit: float) -> None:
        now = time.monotonic()
        own_deadline = (call.started_at or now) + timeout_seconds
        if call.future.done():
            return
        if now < min(own_deadline, limit):
            loop = asyncio.get_running_loop()
            alarm = loop.call_later(min(own_deadline, limit) - now, self._watch, call, timeout_seconds, limit)
            call.future.add_done_callback(lambda _: alarm.cancel())
            return
        if call.give_up(FunctionTimeoutError() if own_deadline <= limit else IntegrationTimeoutError()):
            self._add_thread()
