"""What is wrong with how a statement was run."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from benchmarks.plans.recorder import Seen
from benchmarks.plans.tables import CONSTANT

PER_ROW = 10
"""Buffers that each row may cost that is returned or written: the way down an index, and the row itself."""

PER_ENTRY = 5
"""Buffers that each entry in an index may cost besides, which a written row makes."""

FIXED = 40
"""Buffers that a statement may touch in any case: the ways down to what it looks for and does not find."""

Node = dict[str, Any]


class Judged(NamedTuple):
    """Figures of one statement that was run; *rows* are those returned and those written."""

    text: str
    indexes: tuple[str, ...]
    rows: int
    entries: int
    buffers: int
    planning: int
    milliseconds: float
    faults: tuple[str, ...]

    @property
    def allowed(self) -> int:
        return PER_ROW * self.rows + PER_ENTRY * self.entries + FIXED


def judged(seen: Seen) -> Judged:
    plan = seen.explained["Plan"]
    nodes = [node for node in _nodes(plan) if node["Actual Loops"]]
    figures = Judged(
        text=seen.text,
        indexes=_indexes(nodes),
        rows=_returned(plan) + seen.done.written,
        entries=seen.done.entries,
        buffers=_buffers(seen, nodes),
        planning=seen.planning.buffers,
        milliseconds=seen.explained["Execution Time"],
        faults=(),
    )
    return figures._replace(faults=(*_scans(seen, nodes), *_spills(nodes), *_hog(figures)))


def _nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def _returned(plan: Node) -> int:
    return int(plan["Actual Rows"] * plan["Actual Loops"])


def _buffers(seen: Seen, nodes: list[Node]) -> int:
    """Return what the transaction counted: a plan leaves out triggers, and adds what is read of the catalogue."""
    if any(node.get("Workers Launched") for node in nodes):  # they count for themselves, and only the plan adds it up
        return max(seen.done.buffers, int(nodes[0]["Shared Hit Blocks"] + nodes[0]["Shared Read Blocks"]))
    return seen.done.buffers


def _indexes(nodes: list[Node]) -> tuple[str, ...]:
    names = [name for node in nodes for name in (node.get("Index Name"), *node.get("Conflict Arbiter Indexes", []))]
    return tuple(dict.fromkeys(name for name in names if name))


def _scans(seen: Seen, nodes: list[Node]) -> Iterator[str]:
    planned = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    counted = {name for name, count in seen.done.scans.items() if count > 0}
    for table in sorted((planned | counted) - CONSTANT):
        yield f"reads all of {table}"


def _spills(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        is_on_disk = node.get("Sort Space Type") == "Disk" or node.get("Hash Batches", 1) > 1
        if is_on_disk or node.get("HashAgg Batches", 1) > 1 or node["Temp Written Blocks"]:
            yield f"{node['Node Type']} spills to disk"


def _hog(figures: Judged) -> Iterator[str]:
    if figures.buffers > figures.allowed:
        cost = f"{figures.rows:,} rows and {figures.entries:,} entries of indexes"
        yield f"touches {figures.buffers:,} buffers for {cost}, allowed are {figures.allowed:,}"
