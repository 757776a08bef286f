"""GET /api/users/{user_id}/orders: a page of orders, newest first, for their user or an admin."""

from roster.api.order_pages import OrdersQuery, page_of_orders
from roster.api.request import UserPath
from roster.api.results import Page
from roster.auth.caller import Caller
from roster.orders.models import OrderSummary
from roster.wiring import orders
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: UserPath, query: OrdersQuery, caller: Caller) -> Page[OrderSummary]:
    filters, after = query.filters(), query.after(path.user_id)
    found = orders.service().list(path.user_id, filters, after, query.limit, caller)
    return page_of_orders(found, path.user_id, filters)
