"""How long suites run, and how far they are: `make security FULL=1` runs them in full."""

import os
import sys
import time
from collections.abc import Callable

import pytest

IN_FULL = bool(os.environ.get("FULL"))


def ticker(what: str, count: int, capsys: pytest.CaptureFixture[str]) -> Callable[[int], None]:
    """Return what hears how many are done, and in a full run says so at each tenth."""
    started, every = time.monotonic(), max(1, count // 10)

    def tick(done: int) -> None:
        if IN_FULL and done % every == 0:
            with capsys.disabled():
                sys.stderr.write(f"  {done:,} of {count:,} {what}, {time.monotonic() - started:.0f} s\n")

    return tick
