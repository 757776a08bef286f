"""Orders by their idempotency keys: one order each, however often it was sent; the answers all name it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tests.faults.findings import Finding, Kind
from tests.faults.history import What
from tests.faults.operations import Act
from tests.faults.registers import Truth


def check(acts: Sequence[Act], truth: Truth) -> Iterator[Finding]:
    attempts = _by_key(acts)
    for key in sorted({*attempts, *truth.orders}):
        yield from _of_one_key(key, attempts.get(key, []), truth.orders.get(key, ()))


def _by_key(acts: Sequence[Act]) -> Mapping[int, list[Act]]:
    attempts = defaultdict(list)
    for act in acts:
        if act.what == What.ORDER:
            attempts[act.subject].append(act)
    return attempts


def _of_one_key(key: int, attempts: Sequence[Act], there: Sequence[int]) -> Iterator[Finding]:
    answered = sorted({act.answer for act in attempts if act.is_acknowledged})
    if not attempts:
        yield Finding(Kind.PHANTOM, f"nobody ordered with key {key}, and there are the orders {_listed(there)}")
    elif there and not any(act.may_be_done for act in attempts):
        yield Finding(Kind.DIRTY, f"each order with key {key} failed, and there are the orders {_listed(there)}")
    if len(there) > 1 and attempts:
        yield Finding(Kind.DUPLICATED, f"key {key} made the orders {_listed(there)}")
    elif len(answered) > 1:
        yield Finding(Kind.DUPLICATED, f"key {key} was answered with the orders {_listed(answered)}")
    elif not {*answered} <= {*there}:
        yield Finding(Kind.LOST, f"key {key} was answered with order {_listed(answered)}, there is {_listed(there)}")


def _listed(ids: Sequence[int]) -> str:
    return " and ".join(map(str, ids)) or "none"
