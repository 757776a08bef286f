"""The tables that `make explain` prints."""

from collections.abc import Sequence

from benchmarks import table
from benchmarks.plans.depth import Measured
from benchmarks.plans.judge import FIXED, PER_ENTRY, PER_ROW
from benchmarks.plans.run import Line

_BOUND = (
    f"allowed: {PER_ROW} buffers a row returned or written, {PER_ENTRY} an entry made in an index, and {FIXED}; "
    "planning: buffers of our own tables that the planner looks at"
)


def show_statements(lines: Sequence[Line]) -> None:
    header = ["statement", "case", "indexes", "rows", "entries", "buffers", "allowed", "planning", "ms"]
    table.show(f"Every statement ({_BOUND})", header, [_cells(line) for line in lines], texts=3)


def _cells(line: Line) -> list[str]:
    figures = line.figures
    counts = (figures.rows, figures.entries, figures.buffers, figures.allowed, figures.planning)
    indexes = ", ".join(figures.indexes)
    return [line.statement, line.case, indexes, *(f"{count:,}" for count in counts), f"{figures.milliseconds:.2f}"]


def show_depths(measured: Sequence[Measured]) -> None:
    header = [
        "list",
        "depth",
        "buffers",
        "× first",
        "ms",
        "× first",
        "OFFSET buffers",
        "× keyset",
        "OFFSET ms",
        "× keyset",
    ]
    firsts = {each.name: each for each in measured if each.depth == 0}
    rows = [_depth(each, firsts[each.name]) for each in measured]
    table.show("A page by keyset, and by OFFSET for comparison (medians)", header, rows)


def _depth(each: Measured, first: Measured) -> list[str]:
    keyset, offset = each.keyset, each.offset
    return [
        each.name,
        f"{each.depth:,}",
        f"{keyset.buffers:,.1f}",
        f"{keyset.buffers / first.keyset.buffers:.2f}",
        f"{keyset.milliseconds:.2f}",
        f"{keyset.milliseconds / first.keyset.milliseconds:.2f}",
        f"{offset.buffers:,.0f}",
        f"{offset.buffers / keyset.buffers:,.1f}",
        f"{offset.milliseconds:.2f}",
        f"{offset.milliseconds / keyset.milliseconds:,.1f}",
    ]
