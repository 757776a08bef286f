"""The chain of a user's versions: each has one value, each acknowledged write its place, each write one version."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tests.faults import freshness, gaps, provenance
from tests.faults.findings import Finding, Kind, Words
from tests.faults.operations import Act
from tests.faults.registers import Register


def check(register: Register, words: Words) -> Iterator[Finding]:
    pairs = _pairs(register)
    yield from _contested(register, pairs)
    yield from list(_doubled(register, pairs)) or gaps.check(register, pairs)
    yield from _conditions(register, pairs, words)
    yield from _out_of_order(register, pairs, words)
    yield from _missing_in_the_end(register, words)


def _pairs(register: Register) -> set[tuple[int, int]]:
    """Return each version with a value that somebody was told it has; what nobody wrote is judged elsewhere."""
    told = {*register.first_seen, *((write.version, write.value) for write in register.acknowledged)}
    told |= {register.end} if register.end else set()
    return {(version, value) for version, value in told if version and provenance.is_sound(register, value)}


def _contested(register: Register, pairs: Iterable[tuple[int, int]]) -> Iterator[Finding]:
    """Find versions with several values: all but one of these writes are lost."""
    for version, values in _grouped(pairs).items():
        if len(values) > 1:
            yield Finding(Kind.LOST, f"version {version} of user {register.user} has the values {_listed(values)}")


def _doubled(register: Register, pairs: Iterable[tuple[int, int]]) -> Iterator[Finding]:
    for value, versions in _grouped((value, version) for version, value in pairs).items():
        if len(versions) > times(register.attempts[value]):
            told = f"value {value} of user {register.user} was written as the versions {_listed(versions)}"
            yield Finding(Kind.DUPLICATED, told)


def times(attempts: Sequence[Act]) -> int:
    """Return how often a value may have been written: upon one version once, however often that was tried."""
    possible = [act for act in attempts if act.may_be_done]
    return sum(not act.required for act in possible) + len({act.required for act in possible if act.required})


def _conditions(register: Register, pairs: Iterable[tuple[int, int]], words: Words) -> Iterator[Finding]:
    """Find versions that were written upon another one than their write was for."""
    for value, versions in _grouped((value, version) for version, value in pairs).items():
        possible = [act for act in register.attempts[value] if act.may_be_done]
        if not any(act.required in (0, version - 1) for act in possible for version in versions):
            told = f"version {_listed(versions)} of user {register.user} came of {words.write(possible[0])}"
            yield Finding(Kind.TWO_WINNERS, told)


def _out_of_order(register: Register, pairs: Iterable[tuple[int, int]], words: Words) -> Iterator[Finding]:
    """Find writes that took a version which was known before they began: what it was is gone."""
    told, seen = freshness.acknowledged(register), freshness.seen(register)
    for version, value in sorted(pairs):
        begun = min(act.invoked for act in register.attempts[value] if act.may_be_done)
        known = max(told.before(begun), seen.before(begun))
        if version < known:
            yield Finding(Kind.LOST, f"there was version {known} already before version {version} came of {value}")


def _missing_in_the_end(register: Register, words: Words) -> Iterator[Finding]:
    last = register.end[0] if register.end else 0
    for act in register.acknowledged:
        if act.version > last:
            yield Finding(Kind.LOST, f"in the end there is only version {last}, after {words.write(act)}")


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    groups = defaultdict(set)
    for first, second in pairs:
        groups[first].add(second)
    return groups


def _listed(numbers: Iterable[int]) -> str:
    return " and ".join(str(number) for number in sorted(numbers))
