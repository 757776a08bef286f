"""PATCH /api/users/{user_id}/orders/{order_id}: moves an order on, for an admin; its user may cancel it."""

from roster.api.request import IfMatch, OrderPath
from roster.auth.caller import Caller
from roster.orders.inputs import OrderPatch
from roster.orders.models import Order
from roster.wiring import orders
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: OrderPath, body: OrderPatch, if_match: IfMatch, caller: Caller) -> Order:
    versions = if_match.versions(path.order_id)
    return orders.service().change(path.user_id, path.order_id, body.status, versions, caller)
