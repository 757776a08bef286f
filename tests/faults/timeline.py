"""Answers over time: how many, of what outcome, how fast, second by second and fault by fault."""

import json
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tests.faults import history
from tests.faults.history import Outcome, What

SECOND = 1_000_000_000
READING = (What.READ, What.LOOK)


class Struck(NamedTuple):
    """A fault that was, in nanoseconds of the clock of the notes; *recovered_seconds* later everybody worked again."""

    fault: str
    what: str
    began: int
    ended: int
    recovered_seconds: float | None = None

    @property
    def name(self) -> str:
        return f"{self.fault} {self.what}"


class Answer(NamedTuple):
    is_read: bool
    outcome: int
    status: int
    invoked: int
    returned: int


class Tally:
    """How often what was answered, reads apart from writes, and how long the slowest of them took."""

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[bool, int]] = Counter()
        self.statuses: Counter[tuple[bool, int]] = Counter()
        self.slowest = {True: 0, False: 0}

    def add(self, answer: Answer) -> None:
        self.outcomes[answer.is_read, answer.outcome] += 1
        self.statuses[answer.is_read, answer.status] += 1
        took = answer.returned - answer.invoked
        self.slowest[answer.is_read] = max(took, self.slowest[answer.is_read])


class Moment:
    """What was answered in one second, or in several: *good* ones with their milliseconds, and how many others."""

    def __init__(self) -> None:
        self.milliseconds = array("f")
        self.others = 0

    @property
    def good(self) -> int:
        return len(self.milliseconds)

    def add(self, answer: Answer) -> None:
        if answer.outcome == Outcome.OK:
            self.milliseconds.append((answer.returned - answer.invoked) / 1e6)
        else:
            self.others += 1

    def merge(self, other: "Moment") -> None:
        self.milliseconds.extend(other.milliseconds)
        self.others += other.others

    def percentile(self, share: float) -> float | None:
        """Return the milliseconds within which that share of the good answers came."""
        in_order = sorted(self.milliseconds)
        return in_order[min(len(in_order) - 1, int(share * len(in_order)))] if in_order else None


class Timeline:
    """*reads* and *writes* by the second in which they were answered; *tallies* as *struck*, *whole* for all."""

    def __init__(self, struck: Sequence[Struck]) -> None:
        self.struck = sorted(struck, key=lambda each: each.began)
        self._began = [each.began for each in self.struck]
        self.tallies = [Tally() for _ in self.struck]
        self.whole = Tally()
        self.reads: defaultdict[int, Moment] = defaultdict(Moment)
        self.writes: defaultdict[int, Moment] = defaultdict(Moment)

    def add(self, answer: Answer) -> None:
        self.whole.add(answer)
        (self.reads if answer.is_read else self.writes)[answer.returned // SECOND].add(answer)
        place = bisect_right(self._began, answer.returned) - 1
        while place >= 0 and answer.invoked <= self.struck[place].ended:
            self.tallies[place].add(answer)
            place -= 1

    @cached_property
    def seconds(self) -> range:
        """The seconds from the first answer to the last; the last one, which was not a whole one, is left out."""
        known = [*self.reads, *self.writes]
        return range(min(known), max(*known, min(known) + 1)) if known else range(1)


def timeline(folder: Path) -> Timeline:
    """Read the notes of all clients, `*.notes`, and what befell them, `nemesis.jsonl`; client 0 set everything up."""
    found = Timeline(_struck(folder / "nemesis.jsonl"))
    for file in sorted(folder.glob("*.notes")):
        for answer in _answers(file):
            found.add(answer)
    return found


def _struck(file: Path) -> list[Struck]:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [Struck(*(each.get(name) for name in Struck._fields)) for each in map(json.loads, lines)]


def _answers(file: Path) -> Iterator[Answer]:
    begun: dict[int, int] = {}
    for kind, outcome, status, _, subject, _, invoked, returned in history.records(file):
        if kind <= What.LOOK:
            yield Answer(True, outcome, status, invoked, returned)
        elif kind == history.ENDED:
            yield Answer(False, outcome, status, begun.pop(subject), returned)
        elif kind != history.CLIENT:
            begun[returned] = invoked
        elif subject == 0:
            return
