"""Whose the names of requests are: two callers may use one name for different things."""

import hmac

from roster.infrastructure import derived_keys, origin
from roster.infrastructure.rate_limits.sources import source


def current() -> str:
    """Return the scope of the work at hand: its caller, or a keyed hash of the source address that it comes from."""
    where = origin.current()
    if where.actor_id is not None:
        return f"user {where.actor_id}"
    key = derived_keys.key_for("scope of an idempotency key")
    return f"source {hmac.digest(key, source(where.source_ip).encode(), 'sha256').hex()}"
