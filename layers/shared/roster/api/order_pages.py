"""Pages of orders: which part a query asks for, and the cursor of the next one."""

from roster.api.cursors import Cursors, Query
from roster.api.queries import EndTime, PageQuery, Time
from roster.api.results import Page
from roster.auth.inputs import absent
from roster.orders.models import Filters, OrderStatus, OrderSummary, Place, Slice

_OF_ORDERS = Cursors("orders")


class OrdersQuery(PageQuery):
    """A user's orders, newest first; only those that fit all filters."""

    status: OrderStatus = absent()
    created_from: Time = absent()
    created_to: EndTime = absent()

    def filters(self) -> Filters:
        return Filters(self.status, self.created_from, self.created_to)

    def after(self, user_id: int) -> Place | None:
        position = _OF_ORDERS.position(self.cursor, _asked_for(user_id, self.filters()))
        return None if position is None else Place(*position)


def page_of_orders(orders: Slice, user_id: int, filters: Filters) -> Page[OrderSummary]:
    return Page(orders.orders, _OF_ORDERS.after(orders.next_after, _asked_for(user_id, filters)))


def _asked_for(user_id: int, filters: Filters) -> Query:
    return {"user_id": user_id, **filters._asdict()}
