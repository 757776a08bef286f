"""Who may do what: the one table that the grants, the template and the functions are held to."""

from typing import Final

from local.postgres_database import READER, WRITER

_NONE: Final[set[str]] = set()
_ALL = {"SELECT", "INSERT", "UPDATE", "DELETE"}
# For each table what the writer may do with it.
WRITES: Final[dict[str, set[str]]] = {
    "audit_events": {"SELECT", "INSERT", "UPDATE"},
    "cache_control": {"SELECT", "UPDATE"},
    "idempotency_keys": _ALL,
    "login_challenges": _ALL,
    "login_failures": _ALL,
    "mailed_tokens": {"SELECT", "INSERT", "DELETE"},
    "order_items": {"SELECT", "INSERT"},
    "orders": {"SELECT", "INSERT", "UPDATE"},
    "outbox": _ALL,
    "pending_registrations": _ALL,
    "rate_limits": _ALL,
    "recovery_codes": {"SELECT", "INSERT", "DELETE"},
    "schema_migrations": _NONE,
    "second_factors": _ALL,
    "sessions": _ALL,
    "used_refresh_tokens": {"SELECT", "INSERT"},
    "user_passwords": _ALL,
    "users": {"SELECT", "INSERT", "UPDATE"},
}
# For each table that the reader sees the columns that are kept from it.
HIDDEN: Final[dict[str, set[str]]] = {
    "audit_events": _NONE,
    "cache_control": _NONE,
    "order_items": _NONE,
    "orders": _NONE,
    "recovery_codes": {"code_hash"},
    "second_factors": {"created_at", "last_step"},
    "sessions": {"token_hash"},
    "users": _NONE,
}
# What the reader changes: where the fence of the cache stands.
FENCE: Final = {"epoch", "is_enabled", "server_id", "changed_at", "recent_moves", "off_until"}

SETTINGS: Final = {
    "statement_timeout": "2s",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "3s",
}

# Functions by the role that they connect as; all others write.
READING: Final = {
    "check_health",
    "get_order",
    "get_totp",
    "get_user",
    "list_audit_events",
    "list_orders",
    "list_sessions",
    "list_user_sessions",
    "list_users",
}
# These reach no database: SQL is none of their business, and they get no policy to connect.
WITHOUT_DATABASE: Final = {
    "authorize_request",
    "deploy_migrations",
    "get_discovery",
    "get_docs",
    "get_docs_file",
    "get_openapi",
    "get_signing_keys",
    "make_keys",
    "refuse_route",
    "rotate_signing_key",
}
MIGRATING: Final = {"migrate_database"}


def role_of(stem: str) -> str | None:
    """Return the role that a function connects as; None for one that must not connect, and for who migrates."""
    if stem in WITHOUT_DATABASE | MIGRATING:
        return None
    return READER if stem in READING else WRITER
