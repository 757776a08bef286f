"""How old reads may be: not older than what was acknowledged, or seen by anybody, before they began."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tests.faults.findings import Finding, Kind, Words
from tests.faults.operations import Act, Sight
from tests.faults.registers import ABSENT, Register

# Nobody waits longer for an answer: a write whose end nobody noted is over by then.
_ANSWER_NS = 10_000_000_000


class Known(NamedTuple):
    """That there is a *version*, since somebody was told so; *place* says who."""

    since: int
    version: int
    place: int


class Frontier:
    """The newest version that anyone had been told of, at each moment."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.since, self.version, self.place = array("q"), array("q"), array("q")
        for each in sorted(known):
            if not self.version or each.version > self.version[-1]:
                self.since.append(each.since)
                self.version.append(each.version)
                self.place.append(each.place)

    def before(self, moment: int) -> int:
        """Return the newest version that was known before that moment, 0 if none was."""
        step = bisect_left(self.since, moment)
        return self.version[step - 1] if step else 0

    def who(self, moment: int) -> int:
        return self.place[bisect_left(self.since, moment) - 1]


class Disturbances:
    """Moments, as beginnings and ends, in which writers and readers may not see the same Redis."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._began, self._ended = array("q"), array("q")
        for began, ended in sorted(spans):
            self._began.append(began)
            self._ended.append(max(ended, self._ended[-1] if self._ended else ended))

    def touch(self, began: int, ended: int) -> bool:
        step = bisect_right(self._began, ended)
        return step > 0 and self._ended[step - 1] >= began


def acknowledged(register: Register) -> Frontier:
    acts = register.acknowledged
    return Frontier(Known(act.returned, act.version, place) for place, act in enumerate(acts))


def seen(register: Register) -> Frontier:
    returned = register.sights.returned
    return Frontier(Known(returned[at], version, at) for (version, _), at in register.first_seen.items())


def check(register: Register, disturbances: Disturbances, words: Words) -> Iterator[Finding]:
    told, found = acknowledged(register), seen(register)
    for place in _behind(register.sights.invoked, register.sights.version, told, found):
        sight = register.sights[place]
        if told.before(sight.invoked) > sight.version:
            write = register.acknowledged[told.who(sight.invoked)]
            yield Finding(Kind.STALE, f"{words.read(register.user, sight)}, after {words.write(write)}")
        else:
            newer = register.sights[found.who(sight.invoked)]
            kind = _kind(register, newer, sight, disturbances)
            yield Finding(kind, f"{words.read(register.user, sight)}, after {words.read(register.user, newer)}")


def _behind(invoked: Sequence[int], versions: Sequence[int], *frontiers: Frontier) -> Iterator[int]:
    """Yield the places of reads that are behind one of the frontiers: of millions, so this loop is all there is."""
    steps = Frontier(
        Known(since, version, 0) for each in frontiers for since, version in zip(each.since, each.version, strict=True)
    )
    since, newest = steps.since, [0, *steps.version]
    for place, (moment, version) in enumerate(zip(invoked, versions, strict=True)):
        if version < newest[bisect_left(since, moment)]:
            yield place


def _kind(register: Register, newer: Sight, older: Sight, disturbances: Disturbances) -> Kind:
    spans = [(older.invoked, older.returned), *(flight(act) for act in register.attempts.get(newer.value, ()))]
    is_disturbed = (newer.version, newer.value) != ABSENT and any(disturbances.touch(*span) for span in spans)
    return Kind.NON_MONOTONE_WHILE_DISTURBED if is_disturbed else Kind.NON_MONOTONE


def flight(act: Act) -> tuple[int, int]:
    """Return from when to when it may have been done, as far as callers can tell."""
    return act.invoked, min(act.returned, act.invoked + _ANSWER_NS)
