"""First answers, on PostgreSQL."""

from roster.idempotency.postgres import PostgresAnswers
from roster.idempotency.repository import FirstAnswers
from roster.wiring import stores


def answers() -> FirstAnswers:
    return PostgresAnswers(stores.database)
