"""The contract of `Orders`: ordering, and looking at what was ordered."""

from datetime import timedelta

import pytest
from roster.orders.models import TOTAL_MAX
from roster.orders.repository import Orders
from roster.users.repository import NewValues, UserNotFoundError

from tests.builders import a_new_order, a_new_user, an_item
from tests.contracts.conftest import Stores

ID_MAX = 2**63 - 1


@pytest.fixture
def ada(stores: Stores) -> int:
    return stores.users.add(a_new_user()).id


def test_an_order_is_found_as_it_was_added(orders: Orders, ada: int) -> None:
    items = [an_item("B", 3, 10), an_item("A", 1, 0), an_item("B", 3, 11)]
    added = orders.add(a_new_order(ada, *items, currency="JPY"))
    assert (added.user_id, added.currency, added.items, added.total) == (ada, "JPY", items, 63)
    assert (added.status, added.version) == ("pending", 1)
    assert added.created_at == added.updated_at
    assert added.created_at.utcoffset() == timedelta(0)
    assert orders.find(ada, added.id) == added


def test_a_hundred_items_keep_their_order(orders: Orders, ada: int) -> None:
    items = [an_item(f"SKU {number}", number, 100 - number) for number in range(1, 101)]
    found = orders.find(ada, orders.add(a_new_order(ada, *items)).id)
    assert found
    assert found.items == items
    assert found.total == sum(number * (100 - number) for number in range(1, 101))


@pytest.mark.parametrize(
    "items",
    [
        [an_item(quantity=1, unit_price=TOTAL_MAX)],
        [an_item(quantity=1_000_000, unit_price=TOTAL_MAX // 1_000_000)],
        [an_item(quantity=1, unit_price=TOTAL_MAX - 1), an_item(quantity=1, unit_price=1)],
        [an_item(quantity=1_000_000, unit_price=0)],
    ],
)
def test_the_largest_totals_are_exact(orders: Orders, ada: int, items: list[object]) -> None:
    added = orders.add(a_new_order(ada, *items))  # type: ignore[arg-type]
    assert added.total == sum(item.quantity * item.unit_price for item in added.items) <= TOTAL_MAX


@pytest.mark.parametrize(
    "sku", ["O'Brien", "100 %s %(id)s", "back\\slash", '{"a", NULL}', "Łampe 🦊", "x" * 64, "NULL", ","]
)
def test_a_sku_comes_back_as_it_was_given(orders: Orders, ada: int, sku: str) -> None:
    added = orders.add(a_new_order(ada, an_item(sku), an_item("another")))
    found = orders.find(ada, added.id)
    assert found
    assert [item.sku for item in found.items] == [sku, "another"]


def test_an_order_is_its_users_alone(stores: Stores, orders: Orders, ada: int) -> None:
    bob = stores.users.add(a_new_user("bob@example.com")).id
    order = orders.add(a_new_order(ada))
    assert orders.find(bob, order.id) is None
    assert orders.find(ada, order.id) == order


@pytest.mark.parametrize("order_id", [0, 2, 999, ID_MAX])
def test_nothing_is_found_under_an_id_that_was_never_given(orders: Orders, ada: int, order_id: int) -> None:
    assert orders.add(a_new_order(ada)).id == 1
    assert orders.find(ada, order_id) is None


@pytest.mark.parametrize("user_id", [0, 2, 999, ID_MAX])
def test_nobody_orders_for_who_is_not_there(orders: Orders, ada: int, user_id: int) -> None:
    with pytest.raises(UserNotFoundError):
        orders.add(a_new_order(user_id))
    assert not orders.knows(user_id)


def test_a_disabled_user_can_be_ordered_for(stores: Stores, orders: Orders, ada: int) -> None:
    stores.users.change(ada, NewValues(status="disabled"))
    assert orders.add(a_new_order(ada)).user_id == ada


def test_the_orders_of_an_erased_user_stay_and_there_will_be_no_more(stores: Stores, orders: Orders, ada: int) -> None:
    order = orders.add(a_new_order(ada))
    stores.users.remove(ada)
    assert orders.find(ada, order.id) == order
    assert orders.change(ada, order.id, "paid").status == "paid"
    assert orders.knows(ada)
    with pytest.raises(UserNotFoundError):
        orders.add(a_new_order(ada))
