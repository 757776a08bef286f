"""Everything that a fault can be about, and how all of it is brought back into order."""

import random
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.board import Board, Slot
from tests.faults.environments import Environment, Supervisor
from tests.faults.postgres_pair import PostgresPair
from tests.faults.redis_pair import RedisPair
from tests.faults.ways import Ways
from tests.servers import execute

_RECOVERY_SECONDS = 30.0
# The layer turns the cache off for minutes where its fence is moved often, as a campaign does all the time.
_FORGIVE = "UPDATE cache_control SET recent_moves = '{}', off_until = NULL"


@dataclass(frozen=True)
class Stage:
    folder: Path
    board: Board
    postgres: PostgresPair
    redis: RedisPair
    ways: Ways
    supervisor: Supervisor
    chance: random.Random
    over: threading.Event

    @property
    def environments(self) -> list[Environment]:
        return self.supervisor.environments

    @property
    def writers(self) -> list[Environment]:
        return [each for each in self.environments if each.writes]

    def ways_to_postgres(self) -> list[str]:
        return [each.way_to_postgres for each in self.environments]

    def ways_to_redis(self) -> list[str]:
        return [each.way_to_redis for each in self.environments]

    def lead_to_postgres(self) -> None:
        for way in self.ways_to_postgres():
            self.ways.point_to(way, self.postgres.bouncer.port)

    def lead_to_redis(self) -> None:
        for way in self.ways_to_redis():
            self.ways.point_to(way, self.redis.first.port)

    def wait(self, seconds: float) -> None:
        """Let some time go by, unless all is over."""
        self.over.wait(seconds)

    def forgive_moved_fences(self) -> None:
        execute(self.postgres.owner_url, _FORGIVE)

    def seconds_until_all_work(self) -> float | None:
        """Wait until every environment has had a good answer from now on; None if one has not for long."""
        began = time.monotonic()
        known = self._good_answers()
        while time.monotonic() < began + _RECOVERY_SECONDS:
            if all(now > before for now, before in zip(self._good_answers(), known, strict=True)):
                return time.monotonic() - began
            time.sleep(0.02)
        return None

    def failures(self) -> int:
        """Return how many requests have failed by now."""
        return self.board.total(Slot.UNAVAILABLE) + self.board.total(Slot.UNKNOWN)

    def _good_answers(self) -> list[int]:
        return [self.board.get(each.number, Slot.READS) for each in self.environments]
