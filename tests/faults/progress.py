"""What is told while a campaign runs: a line every few seconds."""

import threading
import time
from collections.abc import Callable

from tests.faults.board import Slot
from tests.faults.nemesis import Nemesis
from tests.faults.stage import Stage

COUNTED = (
    Slot.READS,
    Slot.LOOKS,
    Slot.WRITES,
    Slot.UNAVAILABLE,
    Slot.UNKNOWN,
    Slot.WRONG,
    Slot.HITS,
    Slot.MISSES,
    Slot.FENCE_MOVES,
)
_EVERY_SECONDS = 5.0


def follow(stage: Stage, striking: Nemesis, thread: threading.Thread, tell: Callable[[str], None]) -> None:
    """Tell how it goes until the nemesis is done."""
    ends_at, before = time.monotonic() + striking.seconds, 0
    while thread.is_alive():
        thread.join(_EVERY_SECONDS)
        reads = stage.board.total(Slot.READS)
        left = max(0.0, ends_at - time.monotonic())
        rate = (reads - before) / _EVERY_SECONDS
        before = reads
        tell(
            f"{left:5.0f} s left · {reads:,} reads ({rate:,.0f}/s) · {stage.board.total(Slot.WRITES):,} writes · "
            f"{stage.board.total(Slot.UNAVAILABLE):,} unavailable · {stage.board.total(Slot.UNKNOWN):,} unknown · "
            f"{stage.supervisor.deaths} died · {stage.board.total(Slot.WRONG) + len(striking.troubles)} wrong · "
            f"now: {striking.current}"
        )
