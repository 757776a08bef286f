"""The contract of `Orders`: pages of a user's orders, newest first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from roster.orders.models import Filters, OrderStatus, OrderSummary, Place
from roster.orders.repository import Orders

from tests.builders import a_new_order, a_new_user, an_item
from tests.contracts.conftest import Stores

MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def ada(stores: Stores) -> int:
    return stores.users.add(a_new_user()).id


def add(orders: Orders, user_id: int, count: int) -> list[int]:
    return [orders.add(a_new_order(user_id)).id for _ in range(count)]


def ids(found: list[OrderSummary]) -> list[int]:
    return [order.id for order in found]


def place(order: OrderSummary) -> Place:
    return Place(order.created_at, order.id)


def pages(orders: Orders, user_id: int, filters: Filters, limit: int) -> Iterator[list[OrderSummary]]:
    """Yield page after page, up to the first empty one."""
    after = None
    while page := orders.page(user_id, filters, after, limit):
        yield page
        after = place(page[-1])


def test_an_order_is_listed_with_its_total_and_without_its_items(orders: Orders, ada: int) -> None:
    added = orders.add(a_new_order(ada, an_item("A", 3, 10), an_item("B", 1, 7), currency="JPY"))
    (found,) = orders.page(ada, Filters(), None, 10)
    assert (found.id, found.user_id, found.currency, found.status) == (added.id, ada, "JPY", "pending")
    assert (found.item_count, found.total) == (2, 37)
    assert (found.created_at, found.updated_at) == (added.created_at, added.updated_at)


def test_the_newest_come_first_and_ids_break_ties(orders: Orders, ada: int) -> None:
    added = add(orders, ada, 30)
    found = orders.page(ada, Filters(), None, 100)
    assert sorted(ids(found)) == added
    assert all(place(newer) > place(older) for newer, older in pairwise(found))


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
def test_pages_hold_everything_once_in_the_order_of_the_list(orders: Orders, ada: int, limit: int) -> None:
    add(orders, ada, 12)
    whole = orders.page(ada, Filters(), None, 100)
    parts = list(pages(orders, ada, Filters(), limit))
    assert [order for part in parts for order in part] == whole
    assert {len(part) for part in parts[:-1]} <= {limit}


def test_pages_neither_repeat_nor_skip_while_orders_come_and_change(orders: Orders, ada: int) -> None:
    first, second, third, fourth = add(orders, ada, 4)
    page = orders.page(ada, Filters(), None, 2)
    add(orders, ada, 2)
    orders.change(ada, second, "paid")
    assert ids(page) == [fourth, third]
    assert ids(orders.page(ada, Filters(), place(page[-1]), 10)) == [second, first]


def test_nobodys_orders_are_among_anothers(stores: Stores, orders: Orders, ada: int) -> None:
    bob = stores.users.add(a_new_user("bob@example.com")).id
    of_ada, of_bob = add(orders, ada, 2), add(orders, bob, 2)
    assert sorted(ids(orders.page(ada, Filters(), None, 10))) == of_ada
    assert sorted(ids(orders.page(bob, Filters(), None, 10))) == of_bob
    assert orders.page(999, Filters(), None, 10) == []


def test_a_status_chooses_the_orders_that_are_in_it_now(orders: Orders, ada: int) -> None:
    first, second, third = add(orders, ada, 3)
    orders.change(ada, second, "paid")
    found: dict[OrderStatus, list[int]] = {"pending": [third, first], "paid": [second], "shipped": [], "cancelled": []}
    for status, expected in found.items():
        assert ids(orders.page(ada, Filters(status), None, 10)) == expected
        assert [ids(part) for part in pages(orders, ada, Filters(status), 1)] == [[order_id] for order_id in expected]


def test_a_range_holds_its_first_moment_and_not_its_last(orders: Orders, ada: int) -> None:
    (order_id,) = add(orders, ada, 1)
    order = orders.find(ada, order_id)
    assert order
    moment = order.created_at
    inside = [
        Filters(None, moment),
        Filters(None, moment, moment + MILLISECOND),
        Filters(None, None, moment + MILLISECOND),
    ]
    outside = [Filters(None, moment + MILLISECOND), Filters(None, None, moment), Filters(None, moment, moment)]
    assert [ids(orders.page(ada, filters, None, 10)) for filters in inside] == [[order_id]] * 3
    assert [ids(orders.page(ada, filters, None, 10)) for filters in outside] == [[]] * 3


def test_filters_and_place_hold_together(orders: Orders, ada: int) -> None:
    added = add(orders, ada, 6)
    for order_id in added[::2]:
        orders.change(ada, order_id, "cancelled")
    filters = Filters("cancelled", datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
    assert [ids(part) for part in pages(orders, ada, filters, 2)] == [[added[4], added[2]], [added[0]]]


def test_the_orders_of_an_erased_user_are_listed(stores: Stores, orders: Orders, ada: int) -> None:
    added = add(orders, ada, 2)
    stores.users.remove(ada)
    assert ids(orders.page(ada, Filters(), None, 10)) == added[::-1]
