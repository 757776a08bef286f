"""
What a sound history is, said once more and quite differently, to hold the checker to it.

By definition, with no regard to how long that takes: it tries every chain of versions that there could have been.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations

from tests.faults.operations import Act, Sight

Chain = Sequence[Act]


def is_legal(writes: Sequence[Act], reads: Sequence[Sight], end: tuple[int, int]) -> bool:
    """Return whether the writes of a user, the first being the registration, can have been done in some order."""
    return any(_explains(chain, writes, reads, end) for chain in _chains(writes, end[0]))


def _chains(writes: Sequence[Act], length: int) -> Iterator[Chain]:
    """Yield every order of *length* writes that may be done, behind the registration."""
    others = [act for act in writes[1:] if act.may_be_done]
    for chosen in permutations(others, max(0, length - 1)):
        if len({act.value for act in chosen}) == len(chosen):
            yield (writes[0], *chosen)


def _explains(chain: Chain, writes: Sequence[Act], reads: Sequence[Sight], end: tuple[int, int]) -> bool:
    return (
        end == (len(chain), chain[-1].value)
        and all(_is_at(chain, act.version, act.value) for act in writes if act.is_acknowledged)
        and all(act.required in (0, version - 1) for version, act in enumerate(chain, 1))
        and all(_is_at(chain, read.version, read.value) for read in reads)
        and _keeps_to_time(chain, writes, reads)
    )


def _is_at(chain: Chain, version: int, value: int) -> bool:
    return 0 < version <= len(chain) and chain[version - 1].value == value


def _keeps_to_time(chain: Chain, writes: Sequence[Act], reads: Sequence[Sight]) -> bool:
    """Return whether no version was there before its write had begun, nor known before an older one was begun."""
    known = [(read.returned, read.version) for read in reads]
    known += [(act.returned, act.version) for act in writes if act.is_acknowledged]
    return all(
        moment >= act.invoked for moment, newest in known for version, act in enumerate(chain, 1) if version <= newest
    )


def stale(writes: Sequence[Act], reads: Sequence[Sight]) -> int:
    done = [act for act in writes if act.is_acknowledged]
    return sum(any(act.returned < read.invoked and act.version > read.version for act in done) for read in reads)


def non_monotone(reads: Sequence[Sight], writes: Sequence[Act]) -> int:
    """Count the reads that are older than what another one had found already, and are not stale."""
    behind = [
        read for read in reads if any(each.returned < read.invoked and each.version > read.version for each in reads)
    ]
    return len(behind) - stale(writes, behind)
