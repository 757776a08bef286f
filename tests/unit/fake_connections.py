"""A connection as the pool sees one, and a clock that stands until it is moved."""

from dataclasses import dataclass, field

import psycopg2
import pytest
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from roster.infrastructure import elapsed
from roster.infrastructure.connections import Pool


class FakeConnection:
    """Is open and between transactions until told otherwise."""

    def __init__(self) -> None:
        self.closed = 0
        self.status = TRANSACTION_STATUS_IDLE
        self.fails_to_close = False

    def get_transaction_status(self) -> int:
        return self.status

    def close(self) -> None:
        self.closed = 1
        if self.fails_to_close:
            raise psycopg2.InterfaceError("already gone")


@dataclass
class FakeServer:
    """Makes connections and remembers them."""

    made: list[FakeConnection] = field(default_factory=list)
    is_away: bool = False

    def connect(self) -> FakeConnection:
        if self.is_away:
            raise psycopg2.OperationalError("refused")
        self.made.append(FakeConnection())
        return self.made[-1]

    def pool(self, maximum: int = 1, idle_seconds: float = 30) -> Pool:
        return Pool(self.connect, maximum, idle_seconds)  # type: ignore[arg-type]

    @property
    def open(self) -> list[FakeConnection]:
        return [connection for connection in self.made if not connection.closed]


class FakeClock:
    """Stands in for the module `time` where time that passed is measured."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monotonic_seconds = 1000.0
        self.wall_seconds = 1_800_000_000.0
        monkeypatch.setattr(elapsed, "time", self)

    def monotonic(self) -> float:
        return self.monotonic_seconds

    def time(self) -> float:
        return self.wall_seconds

    def passes(self, seconds: float) -> None:
        self.monotonic_seconds += seconds
        self.wall_seconds += seconds
