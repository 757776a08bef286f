"""A pool of PostgreSQL connections that judges idle time by the clock, at checkout."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import connection as Connection

from roster.infrastructure import deadline, elapsed
from roster.infrastructure.elapsed import Moment


class PoolExhaustedError(Exception):
    """Every connection stayed in use until the deadline."""


class Lease(NamedTuple):
    """A connection on loan; *is_new* says that it was opened for this loan."""

    connection: Connection
    is_new: bool


class _Idle(NamedTuple):
    connection: Connection
    since: Moment


class Pool:
    """
    Holds at most *maximum* connections and lends the one used last.

    No timer runs in a frozen execution environment, so the idle time is looked at when a connection is
    asked for. A connection that idled for more than *idle_seconds* is closed and replaced.
    """

    def __init__(self, connect: Callable[[], Connection], maximum: int, idle_seconds: float) -> None:
        self._connect = connect
        self._idle_seconds = idle_seconds
        self._idle: list[_Idle] = []
        self._free = threading.BoundedSemaphore(maximum)
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def lease(self, *, fresh: bool = False) -> Iterator[Lease]:
        """
        Lend a connection; *fresh* opens a new one and forgets those that idle.

        It comes back to the pool if it is between transactions by then, and is closed if it is not.

        Raises:
            PoolExhaustedError: When none came free before the deadline.
            psycopg2.OperationalError: When a new connection cannot be opened.
        """
        if not self._free.acquire(timeout=deadline.remaining_seconds()):
            raise PoolExhaustedError
        try:
            if fresh:
                self.clear()
            idle = self._take_idle()
            connection = idle or self._connect()
            try:
                yield Lease(connection, is_new=idle is None)
            finally:
                self._give_back(connection)
        finally:
            self._free.release()

    def clear(self) -> None:
        """Close every idle connection."""
        with self._lock:
            idle, self._idle = self._idle, []
        for entry in idle:
            _close(entry.connection)

    def close(self) -> None:
        """Close every idle connection now, and those in use when they come back."""
        self._closed = True
        self.clear()

    def _take_idle(self) -> Connection | None:
        with self._lock:
            entry = self._idle.pop() if self._idle else None
        if entry is None:
            return None
        if elapsed.seconds_since(entry.since) <= self._idle_seconds:
            return entry.connection
        _close(entry.connection)
        self.clear()  # the others have idled for longer
        return None

    def _give_back(self, connection: Connection) -> None:
        if self._closed or connection.closed or connection.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            _close(connection)
            return
        with self._lock:
            self._idle.append(_Idle(connection, elapsed.now()))


def _close(connection: Connection) -> None:
    with suppress(psycopg2.Error):
        connection.close()
