"""Sessions: nobody is let in after an end was acknowledged, nor refused before anyone had begun to end them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.faults.findings import Finding, Kind, Words
from tests.faults.freshness import Disturbances, flight
from tests.faults.history import What
from tests.faults.operations import FOREVER, Act, History, Sight, Sights
from tests.faults.registers import Truth


def check(history: History, truth: Truth, disturbances: Disturbances, words: Words) -> Iterator[Finding]:
    ends = defaultdict(list)
    for act in history.acts:
        if act.what == What.LOGOUT:
            ends[act.subject].append(act)
    for session in sorted(history.looks):
        yield from _of_one(session, history.looks[session], ends[session], disturbances, words)
    for session in sorted(truth.sessions):
        if any(act.is_acknowledged for act in ends[session]):
            yield Finding(Kind.LOST, f"session {session} lives in the end, though its end was acknowledged")


def _of_one(
    session: int, looks: Sights, ends: Sequence[Act], disturbances: Disturbances, words: Words
) -> Iterator[Finding]:
    acknowledged = min((act.returned for act in ends if act.is_acknowledged), default=FOREVER)
    begun = min((act.invoked for act in ends if act.may_be_done), default=FOREVER)
    refused = min((look.returned for look in looks if not look.value), default=FOREVER)
    for look in looks:
        kind = _wrong_with(look, acknowledged, begun, refused)
        spans = [(look.invoked, look.returned), *map(flight, ends)]
        if kind == Kind.NON_MONOTONE and any(disturbances.touch(*span) for span in spans):
            kind = Kind.NON_MONOTONE_WHILE_DISTURBED
        if kind:
            yield Finding(kind, f"{words.look(session, look)}; {_told(acknowledged, begun, refused, words)}")


def _wrong_with(look: Sight, acknowledged: int, begun: int, refused: int) -> Kind | None:
    if not look.value:
        return Kind.LOST if look.returned < begun else None
    if acknowledged < look.invoked:
        return Kind.OUTLIVED
    return Kind.NON_MONOTONE if refused < look.invoked else None


def _told(acknowledged: int, begun: int, refused: int, words: Words) -> str:
    return (
        f"somebody began to end it at {words.moment(begun)}, was told that it is over at {words.moment(acknowledged)}, "
        f"and the first was refused at {words.moment(refused)}"
    )
