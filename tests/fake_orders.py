"""In-memory orders; tests/contracts holds them to what PostgreSQL does."""

from dataclasses import replace

from roster.infrastructure import versions as row_versions
from roster.infrastructure.versions import Versions
from roster.orders.models import REACHED_FROM, Filters, Order, OrderStatus, OrderSummary, Place
from roster.orders.repository import IllegalTransitionError, NewOrder, OrderNotFoundError, Orders
from roster.users.repository import UserNotFoundError

from tests import fake_trail as trail
from tests.fake_tables import FakeTables, now


class FakeOrders(Orders):
    """Implements `Orders` in memory."""

    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables

    def find(self, user_id: int, order_id: int) -> Order | None:
        with self.tables.called("orders.find"):
            order = self.tables.orders.get(order_id)
            return order if order and order.user_id == user_id else None

    def page(self, user_id: int, filters: Filters, after: Place | None, limit: int) -> list[OrderSummary]:
        with self.tables.called("orders.page"):
            fitting = [
                order for order in self.tables.orders.values() if order.user_id == user_id and _fits(order, filters)
            ]
            newest = sorted(fitting, key=_place, reverse=True)
            return [_summary(order) for order in newest if after is None or _place(order) < after][:limit]

    def knows(self, user_id: int) -> bool:
        with self.tables.called("orders.knows"):
            return 0 < user_id <= self.tables.last_id

    def add(self, new: NewOrder) -> Order:
        with self.tables.called("orders.add"):
            if new.user_id not in self.tables.rows:
                raise UserNotFoundError
            order_id, time = max(self.tables.orders, default=0) + 1, now()
            total = sum(item.quantity * item.unit_price for item in new.items)
            order = Order(order_id, new.user_id, new.currency, "pending", list(new.items), total, time, time, version=1)
            self.tables.orders[order_id] = order
            facts = {"order_id": order_id, "currency": order.currency, "status": order.status, "total": total}
            trail.record(self.tables, "order.created", new.user_id, after=facts)
            return order

    def change(self, user_id: int, order_id: int, status: OrderStatus, versions: Versions = None) -> Order:
        with self.tables.called("orders.change"):
            old = self.tables.orders.get(order_id)
            if old is None or old.user_id != user_id:
                raise OrderNotFoundError
            row_versions.require(old.version, versions)
            if REACHED_FROM.get(status) != old.status:
                raise IllegalTransitionError
            new = replace(old, status=status, updated_at=now(), version=old.version + 1)
            self.tables.orders[order_id] = new
            before, after = ({"order_id": order_id, "status": each.status} for each in (old, new))
            trail.record(self.tables, "order.changed", user_id, before, after)
            return new


def _place(order: Order) -> Place:
    return Place(order.created_at, order.id)


def _fits(order: Order, filters: Filters) -> bool:
    return (
        filters.status in (None, order.status)
        and (filters.created_from is None or order.created_at >= filters.created_from)
        and (filters.created_to is None or order.created_at < filters.created_to)
    )


def _summary(order: Order) -> OrderSummary:
    return OrderSummary(
        *(order.id, order.user_id, order.currency, order.status, len(order.items), order.total),
        *(order.created_at, order.updated_at),
    )
