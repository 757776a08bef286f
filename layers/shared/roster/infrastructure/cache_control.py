"""Whether the fenced cache may be used, and under which epoch: one row in PostgreSQL, believed for a short lease."""

import time
from typing import NamedTuple, Protocol

from roster.infrastructure import observability
from roster.infrastructure.fence_scripts import IDENTIFY
from roster.infrastructure.scripts import Call, ScriptRunner


class Clock(Protocol):
    """The module `time`, or a test's own."""

    def monotonic(self) -> float: ...

    def time(self) -> float: ...

    def sleep(self, seconds: float, /) -> None: ...


class ControlRow(NamedTuple):
    """
    The fence: values are found under *epoch* on the Redis *server_id*, or nowhere while not *is_enabled*.

    *age_seconds* is the time since a fence was last moved; while *is_barred* it was moved too often.
    """

    epoch: int
    is_enabled: bool
    server_id: str | None
    age_seconds: float
    is_barred: bool


class ControlRows(Protocol):
    """Where the row stands. Each change gives it a random epoch, if it still has the one named."""

    def read(self) -> ControlRow:
        """Return the row as it is now."""

    def move(self, epoch: int, server_id: str | None) -> bool:
        """Fence off an enabled epoch, for one on that server or, without one, for none; return whether it was ours."""

    def enable(self, epoch: int, server_id: str) -> bool:
        """Turn the cache on again on that server; return whether it was ours to do."""


class Lease(NamedTuple):
    """The row, and when it was asked for."""

    row: ControlRow
    monotonic: float
    wall: float


class Control:
    """
    The row as this environment knows it, and what it does about one that does not fit its Redis.

    A lease lasts *lease_seconds* from before the row was asked for, on the monotonic or the wall clock, whichever
    ran further: a frozen environment may stop its monotonic clock.
    """

    def __init__(self, rows: ControlRows, cache: ScriptRunner, lease_seconds: float, clock: Clock = time) -> None:
        self._rows = rows
        self._cache = cache
        self._clock = clock
        self._lease: Lease | None = None
        self._mistrusted_epoch: int | None = None
        self.lease_seconds = lease_seconds

    def lease(self) -> Lease | None:
        """
        Return the lease to ask the cache under, None where it may not be asked now.

        Raises:
            UnavailableError: If PostgreSQL is away when the row has to be read again.
        """
        if self._lease is None or not self.is_valid(self._lease):
            lease = self.load()
            if not self._is_usable(lease.row):
                self._mend(lease.row)
        return self.last_known()

    def last_known(self) -> Lease | None:
        """Return the last lease, which may be over; None if the cache was not to be asked under it."""
        held = self._lease
        return held if held and self._is_usable(held.row) else None

    def is_valid(self, lease: Lease) -> bool:
        age_seconds = max(self._clock.monotonic() - lease.monotonic, self._clock.time() - lease.wall)
        return age_seconds < self.lease_seconds

    def row_for_write(self) -> ControlRow:
        """Read the row now; one that is off is looked at again by whoever reads next, who may turn it on."""
        row = self.load().row
        if not row.is_enabled:
            self._lease = None
        return row

    def load(self) -> Lease:
        """Read the row now."""
        monotonic, wall = self._clock.monotonic(), self._clock.time()
        self._lease = Lease(self._rows.read(), monotonic, wall)
        return self._lease

    def mistrust(self, lease: Lease) -> None:
        """Ask no more under an epoch whose Redis is not the one that answered, until it is found again."""
        self._mistrusted_epoch = lease.row.epoch
        self._lease = None

    def disable(self, row: ControlRow) -> None:
        """Fence off the row's epoch: our Redis is away, or is another one."""
        if self._rows.move(row.epoch, None):
            _report_move("write")

    def _is_usable(self, row: ControlRow) -> bool:
        return row.is_enabled and row.epoch != self._mistrusted_epoch

    def _mend(self, row: ControlRow) -> None:
        server_id = self._asked_server_id()
        if row.is_enabled and row.server_id == server_id:
            self._mistrusted_epoch = None
        elif server_id and self._is_due(row):
            self._change(row, server_id)
            self.load()  # if somebody else was faster, the row is theirs

    def _asked_server_id(self) -> str:
        """Ask over a new connection which Redis this is; '' while none that can be told answers."""
        self._cache.reconnect()
        (answer,) = self._cache.run(Call(IDENTIFY))
        return answer.decode() if isinstance(answer, bytes) else ""

    def _is_due(self, row: ControlRow) -> bool:
        """Return whether a row that does not fit may be changed by now."""
        if row.is_enabled:
            return row.age_seconds > 2 * self.lease_seconds
        return row.age_seconds > 3 * self.lease_seconds and not row.is_barred

    def _change(self, row: ControlRow, server_id: str) -> None:
        if not row.is_enabled:
            self._rows.enable(row.epoch, server_id)
        elif self._rows.move(row.epoch, server_id):
            _report_move("server")


def _report_move(reason: str) -> None:
    observability.report("FenceMoved", reason=reason)
