"""The audit trail of a user: one row for each change, and each leads on from the one before."""

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.faults import chains
from tests.faults.findings import Finding, Kind, Words
from tests.faults.registers import Register


def check(register: Register, words: Words) -> Iterator[Finding]:
    if register.trail is None or register.end is None:
        return
    wrong = [*_doubled(register), *_unrecorded(register, words)]
    yield from wrong or _uncounted(register) or _broken(register)


def _doubled(register: Register) -> Iterator[Finding]:
    for value, rows in Counter(change.after for change in register.trail or ()).items():
        if value in register.attempts and rows > max(1, chains.times(register.attempts[value])):
            yield Finding(
                Kind.DUPLICATED, f"the audit trail of user {register.user} holds {rows} rows about value {value}"
            )


def _unrecorded(register: Register, words: Words) -> Iterator[Finding]:
    recorded = {change.after for change in register.trail or ()}
    for act in register.acknowledged:
        if act.value not in recorded and act.version > register.base:
            yield Finding(Kind.LOST, f"the audit trail has no row about {words.write(act)}")


def _uncounted(register: Register) -> list[Finding]:
    version, _ = register.end or (0, 0)
    made, rows = version - register.base, len(register.trail or ())
    kind = Kind.LOST if rows < made else Kind.DUPLICATED
    told = f"user {register.user} went {made} versions on, and the audit trail holds {rows} rows about it"
    return [Finding(kind, told)] if rows != made else []


def _broken(register: Register) -> Iterator[Finding]:
    """Follow the rows: the version that each leads to has the value that others were told of."""
    after, told = dict(register.trail or ()), _told(register)
    value = told.get(register.base)
    for version in range(register.base + 1, (register.end or (0, 0))[0] + 1):
        value = None if value is None else after.get(value)
        if value is None or told.get(version, value) != value:
            yield Finding(
                Kind.LOST,
                f"the audit trail of user {register.user} leads to value {value} as version {version}, "
                f"which has value {told.get(version)}",
            )
            return


def _told(register: Register) -> Mapping[int, int]:
    """Return the value of each version that anyone was told of."""
    pairs = [*register.first_seen, *((act.version, act.value) for act in register.acknowledged)]
    return dict(pairs)
