"""All that happened to one user: who wrote what, and who saw which version."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from tests.faults.history import What
from tests.faults.operations import Act, History, Sight, Sights

ABSENT = (0, 0)


class Change(NamedTuple):
    """A row of the audit trail: a name's number, and the one that took its place."""

    before: int
    after: int


class Truth(NamedTuple):
    """
    What stands in PostgreSQL when all is over.

    Users with version and value; for each idempotency key, or what else tells orders apart, the ids of its orders; the
    sessions that live; and each user's changes since the first write that was noted. A *trail* of None was not read.
    """

    users: Mapping[int, tuple[int, int]]
    orders: Mapping[int, Sequence[int]] = {}
    sessions: Iterable[int] = ()
    trail: Mapping[int, Sequence[Change]] | None = None


class Register:
    """A user, with *writes* in the order in which they began, and *end*, the final version and value."""

    def __init__(self, user: int, writes: list[Act], sights: Sights, truth: Truth) -> None:
        self.user = user
        self.writes = writes
        self.sights = sights
        self.end = truth.users.get(user)
        self.trail = None if truth.trail is None else truth.trail.get(user, ())
        self.acknowledged = [write for write in writes if write.is_acknowledged]

    @cached_property
    def attempts(self) -> Mapping[int, list[Act]]:
        """Each value's writes: one may be sent more than once."""
        attempts = defaultdict(list)
        for write in self.writes:
            attempts[write.value].append(write)
        return attempts

    @cached_property
    def first_seen(self) -> Mapping[tuple[int, int], int]:
        """For each version and value that were read: the place of the read that returned first."""
        first: dict[tuple[int, int], int] = {}
        returned = self.sights.returned
        for place, pair in enumerate(zip(self.sights.version, self.sights.value, strict=True)):
            known = first.get(pair)
            if known is None or returned[place] < returned[known]:
                first[pair] = place
        return first

    def sight(self, pair: tuple[int, int]) -> Sight:
        return self.sights[self.first_seen[pair]]

    @property
    def base(self) -> int:
        """The lowest version that anybody was told of: that of the first write."""
        versions = [write.version for write in self.acknowledged]
        versions += [version for version, _ in self.first_seen if version]
        versions += [self.end[0]] if self.end else []
        return min(versions, default=0)


def registers(history: History, truth: Truth) -> Iterator[Register]:
    writes = defaultdict(list)
    for act in history.acts:
        if act.what == What.WRITE:
            writes[act.subject].append(act)
    for user in sorted({*writes, *history.reads, *truth.users}):
        yield Register(user, writes[user], history.reads.get(user, Sights()), truth)
