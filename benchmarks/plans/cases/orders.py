"""Orders."""

from collections.abc import Callable
from contextlib import suppress

from roster.orders.models import OrderItem
from roster.orders.repository import IllegalTransitionError, NewOrder

from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import HEAVIEST_ID, ORDINARY_ID

_LAMP = OrderItem("LAMP-7", 2, 1999)
# The heaviest user has each tenth order; of those the 5,000th is pending, the next in that place shipped.
_PENDING_ID, _SHIPPED_ID = 10_000, 10_400


def _change_too_late(on: Adapters) -> None:
    with suppress(IllegalTransitionError):
        on.orders.change(HEAVIEST_ID, _SHIPPED_ID, "cancelled")


CASES: dict[str, Callable[[Adapters], object]] = {
    "an order": lambda on: on.orders.find(HEAVIEST_ID, _PENDING_ID),
    "a missing order": lambda on: on.orders.find(ORDINARY_ID, _PENDING_ID),
    "whether a user ever was": lambda on: on.orders.knows(ORDINARY_ID),
    "an order of one item": lambda on: on.orders.add(NewOrder(ORDINARY_ID, "EUR", [_LAMP])),
    "an order of a hundred items": lambda on: on.orders.add(NewOrder(HEAVIEST_ID, "EUR", [_LAMP] * 100)),
    "an order is paid": lambda on: on.orders.change(HEAVIEST_ID, _PENDING_ID, "paid", frozenset({1, 2})),
    "an order is cancelled too late": _change_too_late,
}
