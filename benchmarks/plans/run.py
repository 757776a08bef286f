"""Running the cases, and what came of it."""

from collections.abc import Mapping
from typing import NamedTuple

from psycopg2.extensions import connection as Connection
from roster.infrastructure import origin
from roster.infrastructure.origin import Origin

from benchmarks.plans import catalogue, coverage
from benchmarks.plans.adapters import adapters_on
from benchmarks.plans.cases import Case
from benchmarks.plans.judge import Judged, judged
from benchmarks.plans.recorder import Seen, connected, recording
from benchmarks.plans.sample import ADMIN_ID, session_id

_ADMIN = Origin(ADMIN_ID, session_id(ADMIN_ID), "203.0.113.7", "4c6d0f7e-explain")


class Line(NamedTuple):
    """One statement in one case."""

    case: str
    statement: str
    figures: Judged


def run(url: str, cases: Mapping[str, Case]) -> list[Line]:
    """Run each case in a transaction that is taken back; return a line for each statement of each."""
    names = catalogue.constants(catalogue.modules())
    with connected(url) as connection:
        return [
            Line(case, names.get(seen.text, "a statement made in a function"), judged(seen))
            for case, call in cases.items()
            for seen in _seen(connection, call)
        ]


def _seen(connection: Connection, call: Case) -> list[Seen]:
    with recording(connection) as database, origin.within(_ADMIN):
        call(adapters_on(database))
    return database.seen


def complaints(lines: list[Line]) -> list[str]:
    """Return what is wrong with any statement, and which were not seen."""
    found = [f"{line.statement} ({line.case}) {fault}" for line in lines for fault in line.figures.faults]
    texts = {line.figures.text for line in lines}
    found += [f"{name} was not seen: it needs a case in benchmarks/plans/cases" for name in coverage.unseen(texts)]
    found += [f"a statement was sent that the catalogue does not find: {text[:80]}" for text in coverage.unknown(texts)]
    return list(dict.fromkeys(found))
