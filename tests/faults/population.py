"""Who is there when a campaign begins, and what is there in the end: asked of PostgreSQL, past everything else."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.faults.history import Notes, Outcome, What
from tests.faults.registers import Change, Truth
from tests.servers import execute

USERS, COMERS = 64, 18
_ADD_USERS = """
    WITH added AS (
        INSERT INTO users (email, email_canonical, name, name_folded)
        SELECT 'u' || number || '@x.org', 'u' || number || '@x.org', 'N' || number, 'n' || number
        FROM generate_series(1, %s) AS number ORDER BY number
        RETURNING id
    )
    INSERT INTO user_passwords (user_id, hash) SELECT id, 'h' FROM added
"""
_ADD_SESSIONS = """
    INSERT INTO sessions (id, user_id, token_hash, source_ip, user_agent, idle_until, expires_at)
    SELECT ('b7f0a1c2-0000-4000-8000-' || lpad(id::text, 12, '0'))::uuid, id, sha256(('kept' || id)::bytea),
        '203.0.113.7', 'campaign', now() + interval '30 days', now() + interval '30 days'
    FROM users
"""
_USERS = "SELECT id, version, substr(name, 2)::bigint FROM users WHERE id <= %s"
_ORDERS = "SELECT substr(sku, 5)::bigint, order_id FROM order_items ORDER BY order_id"
_SESSIONS = "SELECT right(id::text, 12)::bigint FROM sessions"
_TRAIL = """
    SELECT subject_id, substr(before ->> 'name', 2)::bigint, substr(after ->> 'name', 2)::bigint
    FROM audit_events WHERE before ? 'name' ORDER BY id
"""


def add(url: str) -> None:
    """Add users, each with a password and a session that nobody ends."""
    add_users(url, USERS + COMERS)
    execute(url, _ADD_SESSIONS)


def add_users(url: str, count: int) -> None:
    """Add so many with a password, of ids from 1 on, with the names N1, N2 and so on."""
    execute(url, _ADD_USERS, count)


def settle(url: str, folder: Path) -> tuple[list[int], list[int]]:
    """Add all, note the users' registrations, and return who is changed and whose sessions come and go."""
    add(url)
    note_registrations(folder, USERS + COMERS)
    return list(range(1, USERS + 1)), list(range(USERS + 1, USERS + COMERS + 1))


def note_registrations(folder: Path, count: int) -> None:
    """Note for each user that their first version was written."""
    notes = Notes(folder / "0.notes", 0)
    for user in range(1, count + 1):
        notes.end(notes.begin(What.WRITE, user, user), Outcome.OK, version=1, value=user, status=201)
    notes.close()


def truth(url: str) -> Truth:
    """Read what is there, at one moment."""
    users = {user: (version, value) for user, version, value in _rows(url, _USERS, USERS + COMERS)}
    orders = defaultdict(list)
    for key, order in _rows(url, _ORDERS):
        orders[key].append(order)
    trail = defaultdict(list)
    for user, before, after in _rows(url, _TRAIL):
        trail[user].append(Change(before, after))
    return Truth(users, orders, [session for (session,) in _rows(url, _SESSIONS)], trail)


def _rows(url: str, statement: str, *values: object) -> Sequence[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = execute(url, statement, *values)  # type: ignore[assignment]
    return rows
