"""The contract of `Orders`: from one status to the next."""

from itertools import product
from typing import get_args

import pytest
from roster.errors import StaleVersionError
from roster.orders.models import REACHED_FROM, Order, OrderStatus
from roster.orders.repository import IllegalTransitionError, OrderNotFoundError, Orders

from tests.builders import a_new_order, a_new_user, an_item
from tests.contracts.conftest import Stores

STATUSES: tuple[OrderStatus, ...] = get_args(OrderStatus)
LEGAL = {("pending", "paid"), ("pending", "cancelled"), ("paid", "shipped")}


@pytest.fixture
def ada(stores: Stores) -> int:
    return stores.users.add(a_new_user()).id


def brought_to(status: OrderStatus, orders: Orders, ada: int) -> Order:
    """Return an order that went the way to that status."""
    if status == "pending":
        return orders.add(a_new_order(ada))
    before = brought_to(REACHED_FROM[status], orders, ada)
    return orders.change(ada, before.id, status)


@pytest.mark.parametrize(("old", "new"), list(product(STATUSES, STATUSES)))
def test_an_order_goes_where_it_may_and_nowhere_else(
    orders: Orders, ada: int, old: OrderStatus, new: OrderStatus
) -> None:
    order = brought_to(old, orders, ada)
    if (old, new) in LEGAL:
        assert orders.change(ada, order.id, new).status == new
    else:
        with pytest.raises(IllegalTransitionError):
            orders.change(ada, order.id, new)
        assert orders.find(ada, order.id) == order


def test_a_change_shows_the_whole_order_in_its_next_version(orders: Orders, ada: int) -> None:
    order = orders.add(a_new_order(ada, an_item("A", 2, 5), an_item("B", 1, 7)))
    changed = orders.change(ada, order.id, "paid", frozenset({1, 7}))
    assert (changed.items, changed.total, changed.version) == (order.items, 17, 2)
    assert changed.created_at == order.created_at <= changed.updated_at
    assert orders.find(ada, order.id) == changed


def test_only_a_version_at_hand_is_changed_and_that_is_looked_at_before_the_status(orders: Orders, ada: int) -> None:
    order = orders.change(ada, orders.add(a_new_order(ada)).id, "paid")
    for status, versions in product(STATUSES, (frozenset[int](), frozenset({1}), frozenset({3, 99}))):
        with pytest.raises(StaleVersionError):
            orders.change(ada, order.id, status, versions)
    assert orders.find(ada, order.id) == order


def test_what_is_not_there_or_anothers_cannot_be_changed(stores: Stores, orders: Orders, ada: int) -> None:
    bob, order = stores.users.add(a_new_user("bob@example.com")).id, orders.add(a_new_order(ada))
    for user_id, order_id in ((ada, 999), (bob, order.id), (999, order.id)):
        with pytest.raises(OrderNotFoundError):
            orders.change(user_id, order_id, "paid", frozenset({7}))
    assert orders.find(ada, order.id) == order
