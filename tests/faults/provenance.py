"""Where values come from: whatever is found has been written by somebody, who was not told that it failed."""

from collections.abc import Iterator

from tests.faults.findings import Finding, Kind, Words
from tests.faults.operations import FOREVER
from tests.faults.registers import ABSENT, Register


def check(register: Register, words: Words) -> Iterator[Finding]:
    for pair, place in register.first_seen.items():
        sight = register.sights[place]
        kind = _wrong_with(register, pair[1], sight.returned) if pair != ABSENT else None
        if kind:
            yield Finding(kind, f"{words.read(register.user, sight)}, but {_why(register, pair[1], words)}")
    for where, value in _in_the_end(register):
        kind = _wrong_with(register, value, FOREVER)
        if kind:
            told = f"{where} of user {register.user} holds value {value}, but {_why(register, value, words)}"
            yield Finding(kind, told)
    yield from _gone(register, words)


def is_sound(register: Register, value: int) -> bool:
    """Return whether anyone may have written the value."""
    return any(act.may_be_done for act in register.attempts.get(value, ()))


def _wrong_with(register: Register, value: int, found_at: int) -> Kind | None:
    begun = [act for act in register.attempts.get(value, ()) if act.invoked <= found_at]
    if not begun:
        return Kind.PHANTOM
    return None if any(act.may_be_done for act in begun) else Kind.DIRTY


def _why(register: Register, value: int, words: Words) -> str:
    attempts = register.attempts.get(value)
    return f"there was {words.write(attempts[0])}" if attempts else "nobody wrote it"


def _in_the_end(register: Register) -> Iterator[tuple[str, int]]:
    """Yield what is found when all is over; what was read as well has been judged."""
    seen = {value for _, value in register.first_seen}
    found = {change.after: "the audit trail" for change in register.trail or ()}
    if register.end:
        found[register.end[1]] = "the final row"
    return ((where, value) for value, where in found.items() if value not in seen)


def _gone(register: Register, words: Words) -> Iterator[Finding]:
    """Find what was read and is gone; whose write was acknowledged is lost, and said to be so elsewhere."""
    last = register.end[0] if register.end else 0
    lost = {write.version for write in register.acknowledged}
    for version, value in register.first_seen:
        if version > last and version not in lost and is_sound(register, value):
            told = words.read(register.user, register.sight((version, value)))
            yield Finding(Kind.DIRTY, f"{told}, but in the end there is only version {last}")
