"""What the sample events speak of, so that `sam local invoke` and `make invoke` find it: sessions, and an order."""

import contextlib
import json
import secrets
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import cursor as Cursor

EVENTS = Path(__file__).resolve().parent.parent / "events"

_OPEN = """
    INSERT INTO sessions (id, user_id, token_hash, source_ip, user_agent, idle_until, expires_at)
    SELECT %(session_id)s, users.id, %(token_hash)s, '127.0.0.1', 'sample events', in_a_year, in_a_year
    FROM users, (SELECT now() + interval '1 year') AS times (in_a_year)
    WHERE users.id = %(user_id)s AND status = 'active' AND erased_at IS NULL
    ON CONFLICT (id) DO NOTHING
"""
# Its id is one that the local database will never come to.
_ORDER = """
    WITH ordered AS (
        INSERT INTO orders (id, user_id, currency) OVERRIDING SYSTEM VALUE
        SELECT %(order_id)s, users.id, 'EUR' FROM users WHERE users.id = %(user_id)s
        ON CONFLICT (id) DO UPDATE SET status = 'pending', version = orders.version + 1
        RETURNING id
    )
    INSERT INTO order_items (order_id, position, sku, quantity, unit_price) SELECT id, 1, 'LAMP-7', 2, 1999 FROM ordered
    ON CONFLICT (order_id, position) DO NOTHING
"""


def prepare(database_url: str, events: Path = EVENTS) -> None:
    """Bring about what the sample events speak of, where its user is there; only ever in a local database."""
    samples = [json.loads(file.read_text("utf-8")) for file in events.glob("*.json")]
    with contextlib.closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        for user_id, session_id in sorted(_sessions(samples)):
            token_hash = secrets.token_bytes(32)  # of no token: nobody can refresh it
            cursor.execute(_OPEN, {"user_id": user_id, "session_id": session_id, "token_hash": token_hash})
        _order(cursor, samples)


def _order(cursor: Cursor, samples: list[dict[str, Any]]) -> None:
    """Let each order be pending that a path speaks of."""
    for parameters in (sample.get("pathParameters") or {} for sample in samples):
        if "order_id" in parameters:
            cursor.execute(_ORDER, parameters)


def _sessions(samples: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return user and session of every caller, and of every path."""
    found = set()
    for sample in samples:
        caller = sample.get("requestContext", {}).get("authorizer")
        if caller:
            named = (sample["pathParameters"] or {}).get("session_id", caller["sid"])
            found |= {(caller["sub"], caller["sid"]), (caller["sub"], named)}
    return found
