"""GET /api/users/{user_id}/orders/{order_id}: one order with its items, for its user or an admin."""

from roster.api.request import OrderPath
from roster.auth.caller import Caller
from roster.orders.models import Order
from roster.wiring import orders
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: OrderPath, caller: Caller) -> Order:
    return orders.service().get(path.user_id, path.order_id, caller)
