"""What several processes did and saw of sessions, on one clock, and what of it must not have happened."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

Name = tuple[int, int]
"""A session: whose, and the how manieth of theirs."""


class Operation(NamedTuple):
    """
    One call between two moments of the one monotonic clock.

    An *outcome* of True is an opening or an end that was acknowledged, and a look that found the session alive;
    False is a look that did not; None is a call that failed, after which nobody can know.
    """

    what: Literal["open", "end", "look"]
    user: int
    number: int
    invoked: float
    returned: float
    outcome: bool | None

    @property
    def session(self) -> Name:
        return self.user, self.number


class Findings(NamedTuple):
    stale: list[Operation]
    """Alive, though the end was acknowledged before anyone asked."""
    lost: list[Operation]
    """Dead, though the opening was acknowledged before and nobody had begun to end it."""
    phantom: list[Operation]
    """Alive before anyone opened it."""
    revived: list[Operation]
    """Alive, though somebody had been told before that it is dead."""


def check(history: Iterable[Operation]) -> Findings:
    operations = sorted(history, key=lambda operation: operation.invoked)
    looks = [each for each in operations if each.what == "look" and each.outcome is not None]
    opened = {each.session: each for each in operations if each.what == "open"}
    ended = {each.session: each for each in operations if each.what == "end"}
    return Findings(
        [look for look in looks if look.outcome and _is_stale(look, ended.get(look.session))],
        [look for look in looks if not look.outcome and _is_lost(look, opened, ended)],
        [look for look in looks if look.outcome and _is_phantom(look, opened.get(look.session))],
        _revived(looks, opened),
    )


def _is_stale(look: Operation, end: Operation | None) -> bool:
    return end is not None and end.outcome is True and end.returned < look.invoked


def _is_lost(look: Operation, opened: dict[Name, Operation], ended: dict[Name, Operation]) -> bool:
    opening, end = opened.get(look.session), ended.get(look.session)
    was_open = opening is not None and opening.outcome is True and opening.returned < look.invoked
    return was_open and (end is None or look.returned < end.invoked)


def _is_phantom(look: Operation, opening: Operation | None) -> bool:
    return opening is None or look.returned < opening.invoked


def _revived(looks: list[Operation], opened: dict[Name, Operation]) -> list[Operation]:
    """Find looks that came after one that was told of the death; before the opening there is none."""
    dead_since: dict[Name, float] = {}
    for look in looks:
        opening = opened.get(look.session)
        if not look.outcome and opening and opening.outcome and opening.returned < look.invoked:
            dead_since[look.session] = min(look.returned, dead_since.get(look.session, look.returned))
    return [look for look in looks if look.outcome and dead_since.get(look.session, float("inf")) < look.invoked]
