"""Whether the deepest page costs what the first does."""

from collections.abc import Iterator, Sequence

from benchmarks.plans.depth import Measured

MOST = 1.2
"""How many times as much as the first page the deepest may cost."""


def too_dear(measured: Sequence[Measured], *, in_time: bool) -> Iterator[str]:
    """Yield what is wrong with one list, whose first page stands first and whose deepest last."""
    first, *_, deepest = measured
    where = f"{first.name}: the page at depth {deepest.depth:,}"
    if (times := deepest.keyset.buffers / first.keyset.buffers) > MOST:
        yield f"{where} touches {times:.2f} times as many buffers as the first"
    if in_time and (times := deepest.keyset.milliseconds / first.keyset.milliseconds) > MOST:
        yield f"{where} takes {times:.2f} times as long as the first"
