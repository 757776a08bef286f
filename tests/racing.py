"""Many at once: threads that begin in the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Outcome = TypeVar("Outcome")


def race(count: int, run: Callable[[int], Outcome]) -> list[Outcome]:
    """Return what *run* returned for each number below *count*; all of them started at once."""
    barrier = threading.Barrier(count)

    def start(number: int) -> Outcome:
        barrier.wait()
        return run(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(start, range(count)))
