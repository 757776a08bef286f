"""All that is loaded, in the order of the foreign keys."""

import hashlib

from benchmarks.plans import rows, rows_of_mail, rows_of_orders
from benchmarks.plans.rows import Size, Table

# These hold a handful of rows in any deployment; to read all of them is right.
CONSTANT = frozenset({"cache_control", "schema_migrations"})


def all_of(size: Size) -> list[Table]:
    users = size.users
    return [
        Table("users", users, rows.USERS),
        Table("user_passwords", users, rows.PASSWORDS),
        Table("sessions", users + 99, rows.SESSIONS),
        Table("used_refresh_tokens", 2 * users, rows.USED_TOKENS),
        Table("login_failures", users // 10, rows.LOGIN_FAILURES),
        Table("rate_limits", users // 10, rows.RATE_LIMITS),
        Table("second_factors", users // 5, rows.FACTORS),
        Table("recovery_codes", 2 * users, rows.CODES),
        Table("login_challenges", users // 5, rows.CHALLENGES),
        Table("pending_registrations", users // 20, rows_of_mail.PENDING),
        Table("outbox", users // 2, rows_of_mail.OUTBOX),
        Table("mailed_tokens", users // 10, rows_of_mail.TOKENS),
        Table("orders", size.orders, rows_of_orders.ORDERS),
        Table("order_items", 2 * size.orders, rows_of_orders.ITEMS),
        Table("idempotency_keys", users // 5, rows.IDEMPOTENCY_KEYS),
        Table("audit_events", 3 * users, rows.AUDIT_EVENTS),
    ]


def making(table: Table) -> str:
    """Return what tells the rows of a table from others that were made otherwise."""
    return hashlib.sha256(repr(table).encode()).hexdigest()


def rows_of(size: Size) -> int:
    return sum(table.numbers for table in all_of(size))
