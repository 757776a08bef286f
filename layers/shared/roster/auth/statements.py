"""SQL about accounts: which count, what finds one, what ends sessions, whether a login asks for a code."""

from roster.audit import postgres as audit
from roster.audit.models import Action

# Who may log in, act, and be sent a link.
IS_ACTIVE = "users.status = 'active' AND users.erased_at IS NULL"

HAS_SECOND_FACTOR = (
    "EXISTS (SELECT FROM second_factors WHERE second_factors.user_id = users.id AND confirmed_at IS NOT NULL)"
)

COLUMNS = f"""
    users.id, users.role, users.status = 'active', user_passwords.hash, user_passwords.changed_at,
    users.email, users.name, {HAS_SECOND_FACTOR}
"""
# Where nobody has this address it finds the next one, after the last the first, and that is let go: an unknown address
# costs as much as a known one.
FIND_BY_ADDRESS = f"""
    SELECT users.email_canonical = %(canonical)s, {COLUMNS}
    FROM (
        (SELECT * FROM users WHERE email_canonical >= %(canonical)s ORDER BY email_canonical LIMIT 1)
        UNION ALL
        (SELECT * FROM users WHERE email_canonical > '' ORDER BY email_canonical LIMIT 1)
        LIMIT 1
    ) AS users
    JOIN user_passwords ON user_passwords.user_id = users.id
"""
FIND_BY_ID = f"""
    SELECT {COLUMNS}
    FROM users
    JOIN user_passwords ON user_passwords.user_id = users.id
    WHERE users.erased_at IS NULL AND users.id = %(user_id)s
"""


def ending_sessions(condition: str = "true", action: Action = "session.ended") -> str:
    """
    Return SQL that ends those sessions of a user, records each that still lived, and selects their ids.

    After a change it is a statement of its own: only so it sees the session of a login that came before.
    """
    which = "jsonb_build_object('session_id', id)"
    return f"""
        WITH ended AS (
            DELETE FROM sessions WHERE user_id = %(user_id)s AND {condition} RETURNING id, user_id, idle_until
        ), {audit.recording(action, "user_id", "ended WHERE idle_until > now()", before=which)}
        SELECT id FROM ended WHERE idle_until > now()
    """


END_SESSIONS = ending_sessions()
