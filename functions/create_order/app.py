"""POST /api/users/{user_id}/orders: orders something, for themself or for a user by an admin; the total is computed."""

from roster.api.request import UserPath
from roster.api.results import Created
from roster.auth.caller import Caller
from roster.idempotency.models import IdempotencyKey
from roster.orders.inputs import OrderInput
from roster.orders.models import Order
from roster.wiring import orders
from roster.wiring.endpoint import endpoint


@endpoint()
def handler(path: UserPath, body: OrderInput, caller: Caller, key: IdempotencyKey) -> Created[Order]:
    order, is_replayed = orders.service().add(path.user_id, body.currency, body.order_items(), caller, key)
    return Created(order, str(order.id), is_replayed)
