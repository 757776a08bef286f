"""What all clients did and saw, read back from their notes."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.faults import history
from tests.faults.history import Outcome, Record, What

FOREVER = 2**63 - 1


class Act(NamedTuple):
    """
    A write, an order or a logout; *value* is what was sent and *answer* the value that came back.

    *returned* is FOREVER where nobody noted an end.
    """

    what: What
    client: int
    subject: int
    value: int
    required: int
    invoked: int
    returned: int = FOREVER
    outcome: Outcome = Outcome.UNKNOWN
    version: int = 0
    answer: int = 0
    status: int = 0

    @property
    def is_acknowledged(self) -> bool:
        return self.outcome == Outcome.OK

    @property
    def may_be_done(self) -> bool:
        return self.outcome != Outcome.FAILED


class Sight(NamedTuple):
    """What one reader saw."""

    client: int
    invoked: int
    returned: int
    version: int
    value: int


class Sights:
    """All that was seen of one subject, in columns: there are millions."""

    def __init__(self) -> None:
        self.client, self.invoked, self.returned = array("q"), array("q"), array("q")
        self.version, self.value = array("q"), array("q")

    def __len__(self) -> int:
        return len(self.invoked)

    def __getitem__(self, place: int) -> Sight:
        return Sight(
            self.client[place], self.invoked[place], self.returned[place], self.version[place], self.value[place]
        )

    def __iter__(self) -> Iterator[Sight]:
        return map(self.__getitem__, range(len(self)))

    def add(self, client: int, invoked: int, returned: int, version: int, value: int) -> None:
        self.client.append(client)
        self.invoked.append(invoked)
        self.returned.append(returned)
        self.version.append(version)
        self.value.append(value)


class History(NamedTuple):
    """Acts in the order in which they began; sights by user and by session, only those that were answered well."""

    acts: list[Act]
    reads: Mapping[int, Sights]
    looks: Mapping[int, Sights]


def read_back(folder: Path) -> History:
    """Read the notes of all clients, the files `*.notes`."""
    acts: list[Act] = []
    seen: dict[int, defaultdict[int, Sights]] = {What.READ: defaultdict(Sights), What.LOOK: defaultdict(Sights)}
    for file in sorted(folder.glob("*.notes")):
        acts += _of_one_client(file, seen)
    return History(sorted(acts, key=lambda act: act.invoked), seen[What.READ], seen[What.LOOK])


def _of_one_client(file: Path, seen: dict[int, defaultdict[int, Sights]]) -> list[Act]:
    begun: dict[int, Act] = {}
    client = 0
    for record in history.records(file):
        kind, outcome, _, version, subject, value, invoked, returned = record
        if kind <= What.LOOK:
            if outcome == Outcome.OK:
                seen[kind][subject].add(client, invoked, returned, version, value)
        elif kind == history.CLIENT:
            client = subject
        else:
            _act(record, client, begun)
    return list(begun.values())


def _act(record: Record, client: int, begun: dict[int, Act]) -> None:
    kind, outcome, status, version, subject, value, invoked, returned = record
    if kind != history.ENDED:
        begun[returned] = Act(What(kind), client, subject, value, version, invoked)
        return
    begun[subject] = begun[subject]._replace(
        returned=returned, outcome=Outcome(outcome), version=version, answer=value, status=status
    )
