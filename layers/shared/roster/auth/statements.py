"""SQL about accounts that others need, too: what ends sessions, and whether a login asks for a code."""

from roster.audit import postgres as audit
from roster.audit.models import Action

HAS_SECOND_FACTOR = (
    "EXISTS (SELECT FROM second_factors WHERE second_factors.user_id = users.id AND confirmed_at IS NOT NULL)"
)


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
