"""Orders in PostgreSQL."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from roster.audit import postgres as audit
from roster.infrastructure import versions as row_versions
from roster.infrastructure.versions import Versions
from roster.orders import statements
from roster.orders.models import REACHED_FROM, Filters, Order, OrderItem, OrderStatus, OrderSummary, Place
from roster.orders.repository import IllegalTransitionError, NewOrder, OrderNotFoundError, Orders
from roster.users.repository import UserNotFoundError

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database, Row


class PostgresOrders(Orders):
    """Implements `Orders` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def find(self, user_id: int, order_id: int) -> Order | None:
        row = self._database().fetch_one(statements.FIND, {"user_id": user_id, "order_id": order_id})
        return None if row is None else _order(row)

    def page(self, user_id: int, filters: Filters, after: Place | None, limit: int) -> list[OrderSummary]:
        parameters = {
            "user_id": user_id,
            **filters._asdict(),
            "after_created_at": after and after.created_at,
            "after_id": after and after.id,
            "limit": limit,
        }
        return [OrderSummary(*row) for row in self._database().fetch_all(statements.PAGE, parameters)]

    def knows(self, user_id: int) -> bool:
        return self._database().fetch_one(statements.KNOWS_USER, {"user_id": user_id}) == (True,)

    def add(self, new: NewOrder) -> Order:
        parameters = {
            "user_id": new.user_id,
            "currency": new.currency,
            "skus": [item.sku for item in new.items],
            "quantities": [item.quantity for item in new.items],
            "unit_prices": [item.unit_price for item in new.items],
            **audit.origin_values(),
        }

        def add(cursor: "Cursor") -> Order:
            cursor.execute(statements.ADD, parameters)
            row = cursor.fetchone()
            if row is None:
                raise UserNotFoundError
            return _order(row)

        return self._database().transaction(add)

    def change(self, user_id: int, order_id: int, status: OrderStatus, versions: Versions = None) -> Order:
        parameters = {
            "user_id": user_id,
            "order_id": order_id,
            "status": status,
            "old_status": REACHED_FROM.get(status),
            "versions": row_versions.as_parameter(versions),
            **audit.origin_values(),
        }

        def change(cursor: "Cursor") -> Order:
            cursor.execute(statements.CHANGE, parameters)
            row = cursor.fetchone()
            if row is None:
                raise _why_not(cursor, parameters, versions)
            return _order(row)

        return self._database().transaction(change)


def _why_not(cursor: "Cursor", parameters: Mapping[str, object], versions: Versions) -> Exception:
    """Return the error about an order that did not change: it is missing, in another version, or in another status."""
    cursor.execute(statements.FIND_VERSION, parameters)
    found = cursor.fetchone()
    if found is None:
        return OrderNotFoundError()
    row_versions.require(found[0], versions)
    return IllegalTransitionError()


def _order(row: "Row") -> Order:
    items = [OrderItem(*values) for values in zip(*row[4:7], strict=True)]
    values = [*row[:4], items, *row[7:]]
    return Order(*values)
