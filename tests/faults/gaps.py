"""Versions that nobody was told of: each came of a write whose outcome nobody knows, or one write was done twice."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tests.faults import freshness
from tests.faults.findings import Finding, Kind
from tests.faults.operations import FOREVER, Act
from tests.faults.registers import Register

Pairs = set[tuple[int, int]]


def check(register: Register, pairs: Pairs) -> Iterator[Finding]:
    told = {version for version, _ in pairs}
    gaps = [version for version in range(min(told, default=0), max(told, default=0)) if version not in told]
    deadlines = _deadlines(register, gaps)
    spent = Counter(value for _, value in pairs)
    left = [gap for gap in gaps if not any(_fits(act, gap, deadlines[gap], spent) for act in register.writes)]
    begun = sorted(act.invoked for act in _free(register, spent))
    if any(place >= len(begun) or begun[place] > deadlines[gap] for place, gap in enumerate(left)):
        told_of = f"{len(left)} versions of user {register.user} from {left[0]} on, and {len(begun)} writes for them"
        yield Finding(Kind.DUPLICATED, f"there are {told_of}, as far as any was begun in time")


def _deadlines(register: Register, versions: Sequence[int]) -> dict[int, int]:
    """Return for each version when somebody was told of it or of a later one: its write had begun by then."""
    frontiers = (freshness.acknowledged(register), freshness.seen(register))
    return {version: min(_since(frontier, version) for frontier in frontiers) for version in versions}


def _since(frontier: freshness.Frontier, version: int) -> int:
    step = bisect_left(frontier.version, version)
    return frontier.since[step] if step < len(frontier.since) else FOREVER


def _fits(act: Act, gap: int, deadline: int, spent: Mapping[int, int]) -> bool:
    """Return whether that write was upon just the version before."""
    return act.may_be_done and 0 < act.required == gap - 1 and act.invoked <= deadline and act.value not in spent


def _free(register: Register, spent: Mapping[int, int]) -> Iterator[Act]:
    """Yield the writes upon any version that are not accounted for; of several of one value the last."""
    for value, attempts in register.attempts.items():
        possible = [act for act in attempts if act.may_be_done and not act.required]
        yield from possible[spent.get(value, 0) :]
