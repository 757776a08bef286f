"""Orders, on PostgreSQL."""

from roster.orders.postgres import PostgresOrders
from roster.orders.service import OrderService
from roster.wiring import idempotency, stores
from roster.wiring.once import once


@once
def service() -> OrderService:
    return OrderService(PostgresOrders(stores.database), idempotency.answers())
