"""What an order is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

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
