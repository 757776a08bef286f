"""The sessions that the sample events speak of, so that `sam local invoke` and `make invoke` let their callers in."""

import contextlib
import json
import secrets
from pathlib import Path

import psycopg2

EVENTS = Path(__file__).resolve().parent.parent / "events"

_OPEN = """
    INSERT INTO sessions (id, user_id, token_hash, source_ip, user_agent, idle_until, expires_at)
    SELECT %(session_id)s, users.id, %(token_hash)s, '127.0.0.1', 'sample events', in_a_year, in_a_year
    FROM users, (SELECT now() + interval '1 year') AS times (in_a_year)
    WHERE users.id = %(user_id)s AND status = 'active' AND erased_at IS NULL
    ON CONFLICT (id) DO NOTHING
"""


def open_all(database_url: str, events: Path = EVENTS) -> None:
    """Open each session that a sample event speaks of and whose user there is; only ever in a local database."""
    with contextlib.closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        for user_id, session_id in sorted(_spoken_of(events)):
            token_hash = secrets.token_bytes(32)  # of no token: nobody can refresh it
            cursor.execute(_OPEN, {"user_id": user_id, "session_id": session_id, "token_hash": token_hash})


def _spoken_of(events: Path) -> set[tuple[str, str]]:
    """Return user and session of every caller, and of every path."""
    found = set()
    for sample in (json.loads(file.read_text("utf-8")) for file in events.glob("*.json")):
        caller = sample.get("requestContext", {}).get("authorizer")
        if caller:
            named = (sample["pathParameters"] or {}).get("session_id", caller["sid"])
            found |= {(caller["sub"], caller["sid"]), (caller["sub"], named)}
    return found
