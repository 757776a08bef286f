"""How far the load is: a bar, the rate and the time that is left."""

import sys
import time

_WIDTH = 30


class Bar:
    """Tells of *total* rows; what an earlier run had done counts for the bar and not for the rate."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._before = self._new = 0
        self._started = time.monotonic()
        self._shown = ""

    def tick(self, table: str, rows: int, *, is_new: bool) -> None:
        self._new += rows if is_new else 0
        self._before += 0 if is_new else rows
        self._show(table)

    def close(self) -> None:
        sys.stderr.write("\n")

    def _show(self, table: str) -> None:
        done, seconds = self._before + self._new, max(time.monotonic() - self._started, 0.001)
        rate = self._new / seconds
        left = f"{(self._total - done) / rate / 60:.1f} min left" if rate else "…"
        filled = _WIDTH * done // self._total
        bar = "█" * filled + "·" * (_WIDTH - filled)
        text = f"{bar} {100 * done // self._total:3} %  {rate:9,.0f} rows/s  {left:>13}  {table}"
        sys.stderr.write(f"\r{text:<{len(self._shown)}}")
        sys.stderr.flush()
        self._shown = text
