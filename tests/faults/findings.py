"""What must not have happened, in words."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from tests.faults.operations import FOREVER, Act, Sight


class Kind(StrEnum):
    STALE = "stale"
    """A read that began after a write was acknowledged found what was there before."""
    LOST = "lost"
    """What was acknowledged is not there in the end, or something else is in its place."""
    DUPLICATED = "duplicated"
    """One write was done twice."""
    PHANTOM = "phantom"
    """Something was found before anyone had begun to write it."""
    DIRTY = "dirty"
    """Something was found that was surely not done, or that is gone in the end."""
    TWO_WINNERS = "two winners"
    """A write was made upon another version than the one it was for."""
    OUTLIVED = "outlived"
    """Somebody was let in with a session after its end was acknowledged."""
    NON_MONOTONE = "non-monotone"
    """Somebody found what was there before, though somebody had been told already of what came after."""
    NON_MONOTONE_WHILE_DISTURBED = "non-monotone while disturbed"
    """The same, while a fault kept somebody away from Redis, or took from Redis what it knew."""


class Finding(NamedTuple):
    kind: Kind
    told: str


def tally(findings: Iterable[Finding]) -> dict[Kind, int]:
    return Counter(finding.kind for finding in findings)


class Words:
    """Says what happened, in seconds since *origin*."""

    def __init__(self, origin: int) -> None:
        self._origin = origin

    def moment(self, nanoseconds: int) -> str:
        return f"{(nanoseconds - self._origin) / 1e9:.6f} s" if nanoseconds < FOREVER else "nobody knows when"

    def span(self, invoked: int, returned: int) -> str:
        return f"from {self.moment(invoked)} to {self.moment(returned)}"

    def write(self, act: Act) -> str:
        condition = f", upon version {act.required}," if act.required else ""
        came = {0: "of unknown outcome", 1: f"acknowledged as version {act.version}", 2: "that failed"}[act.outcome]
        return (
            f"the write of {act.value}{condition} to user {act.subject} by client {act.client}, {came}, "
            f"{self.span(act.invoked, act.returned)}"
        )

    def read(self, user: int, sight: Sight) -> str:
        return (
            f"client {sight.client} read version {sight.version}, value {sight.value}, of user {user} "
            f"{self.span(sight.invoked, sight.returned)}"
        )

    def look(self, session: int, sight: Sight) -> str:
        found = "was let in" if sight.value else "was refused"
        return f"client {sight.client} {found} with session {session} {self.span(sight.invoked, sight.returned)}"
