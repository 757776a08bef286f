"""Judges what clients did and saw: whatever must not have happened, whichever faults there were."""

from collections.abc import Iterable, Iterator

from tests.faults import chains, freshness, logouts, orders, provenance, trails
from tests.faults.findings import Finding, Words
from tests.faults.freshness import Disturbances
from tests.faults.operations import History
from tests.faults.registers import Truth, registers

Spans = Iterable[tuple[int, int]]


def check(history: History, truth: Truth, disturbed: Spans = ()) -> list[Finding]:
    """
    Return all that was wrong; nothing is where every promise was kept.

    A user's first write is their registration, noted as all others. *disturbed* are moments, as beginnings and ends, in
    which a fault keeps somebody away from Redis or takes from it what it knew: there two readers may disagree about
    what is not acknowledged yet.
    """
    words, disturbances = Words(_origin(history)), Disturbances(disturbed)
    return [
        *_users(history, truth, disturbances, words),
        *orders.check(history.acts, truth),
        *logouts.check(history, truth, disturbances, words),
    ]


def _users(history: History, truth: Truth, disturbances: Disturbances, words: Words) -> Iterator[Finding]:
    for register in registers(history, truth):
        yield from provenance.check(register, words)
        yield from chains.check(register, words)
        yield from trails.check(register, words)
        yield from freshness.check(register, disturbances, words)


def _origin(history: History) -> int:
    """Return when it all began."""
    sights = [*history.reads.values(), *history.looks.values()]
    return min([act.invoked for act in history.acts[:1]] + [min(seen.invoked) for seen in sights], default=0)
