"""How much time has passed, also for an execution environment that was frozen meanwhile."""

import time
from typing import NamedTuple


class Moment(NamedTuple):
    """A point in time on two clocks: the monotonic one may stand still in a frozen environment, the other may jump."""

    monotonic: float
    wall: float


def now() -> Moment:
    return Moment(time.monotonic(), time.time())


def seconds_since(moment: Moment) -> float:
    """Return the larger of what both clocks say."""
    return max(time.monotonic() - moment.monotonic, time.time() - moment.wall)
