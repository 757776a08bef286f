"""Orders."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from roster.orders.models import Filters, OrderItem, Place
from roster.orders.repository import IllegalTransitionError, NewOrder

from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import HEAVIEST_ID, ORDINARY_ID

_FIRST_DAY, _LAST_DAY = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 20, tzinfo=UTC)
_PLACE = Place(_LAST_DAY, 1)
_LAMP = OrderItem("LAMP-7", 2, 1999)
# The heaviest user has each tenth order; of those the 5,000th is pending, the next in that place shipped.
_PENDING_ID, _SHIPPED_ID = 10_000, 10_400


def _change_too_late(on: Adapters) -> None:
    with suppress(IllegalTransitionError):
        on.orders.change(HEAVIEST_ID, _SHIPPED_ID, "cancelled")


CASES: dict[str, Callable[[Adapters], object]] = {
    "an order": lambda on: on.orders.find(HEAVIEST_ID, _PENDING_ID),
    "a page of orders, the first": lambda on: on.orders.page(HEAVIEST_ID, Filters(), None, 101),
    "a page of orders, deep": lambda on: on.orders.page(HEAVIEST_ID, Filters(), _PLACE, 101),
    "a page of rare orders": lambda on: on.orders.page(HEAVIEST_ID, Filters("paid"), _PLACE, 101),
    "a page of common orders": lambda on: on.orders.page(HEAVIEST_ID, Filters("shipped"), _PLACE, 101),
    "a page of orders of some days": lambda on: on.orders.page(
        HEAVIEST_ID, Filters(None, _FIRST_DAY, _LAST_DAY), None, 101
    ),
    "a page of nobody's orders": lambda on: on.orders.page(10**12, Filters(), None, 101),
    "a missing order": lambda on: on.orders.find(ORDINARY_ID, _PENDING_ID),
    "whether a user ever was": lambda on: on.orders.knows(ORDINARY_ID),
    "an order of one item": lambda on: on.orders.add(NewOrder(ORDINARY_ID, "EUR", [_LAMP])),
    "an order of a hundred items": lambda on: on.orders.add(NewOrder(HEAVIEST_ID, "EUR", [_LAMP] * 100)),
    "an order is paid": lambda on: on.orders.change(HEAVIEST_ID, _PENDING_ID, "paid", frozenset({1, 2})),
    "an order is cancelled too late": _change_too_late,
}
