"""What an order is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple

OrderStatus = Literal["pending", "paid", "shipped", "cancelled"]

# Each status is reached from one other: a transition compares with that, and what was before is known.
REACHED_FROM: Final[Mapping[OrderStatus, OrderStatus]] = {"paid": "pending", "shipped": "paid", "cancelled": "pending"}

TOTAL_MAX: Final = 2**53 - 1  # the largest that every reader of JSON takes as it is


@dataclass(frozen=True, slots=True)
class OrderItem:
    """*unit_price* is in minor units of the order's currency."""

    sku: str
    quantity: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class Order:
    """*total* is the sum over the items, in minor units; *version* grows by one with every change."""

    id: int
    user_id: int
    currency: str
    status: OrderStatus
    items: list[OrderItem]
    total: int
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order as lists show it."""

    id: int
    user_id: int
    currency: str
    status: OrderStatus
    item_count: int
    total: int
    created_at: datetime
    updated_at: datetime


class Filters(NamedTuple):
    """Which orders; None for any. The first moment is part of the range, the last is not."""

    status: OrderStatus | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


class Place(NamedTuple):
    """Where an order stands in lists: no two stand at the same place."""

    created_at: datetime
    id: int


class Slice(NamedTuple):
    """A part of a list; *next_after* is the place that the next part begins after, None at the end."""

    orders: list[OrderSummary]
    next_after: Place | None
