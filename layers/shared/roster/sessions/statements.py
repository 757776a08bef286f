"""The SQL about sessions."""

from roster.audit import postgres as audit
from roster.auth.statements import IS_ACTIVE, ending_sessions

# The rows are locked, so that a change of password or status that runs at the same time comes before or after: before,
# and this finds nothing; after, and it ends this session too.
ADD = f"""
    WITH opened AS (
        INSERT INTO sessions (id, user_id, token_hash, source_ip, user_agent, idle_until, expires_at)
        SELECT %(id)s, users.id, %(token_hash)s, %(source_ip)s, %(user_agent)s,
            now() + least(%(idle_seconds)s, %(total_seconds)s) * interval '1 second',
            now() + %(total_seconds)s * interval '1 second'
        FROM users
        JOIN user_passwords ON user_passwords.user_id = users.id
        WHERE users.id = %(user_id)s AND {IS_ACTIVE}
            AND user_passwords.changed_at = coalesce(%(password_changed_at)s, user_passwords.changed_at)
        FOR SHARE OF users, user_passwords
        RETURNING id, user_id, (SELECT role FROM users WHERE id = user_id) AS role
    ), {audit.recording("session.opened", "user_id", "opened", after="jsonb_build_object('session_id', id)")}
    SELECT role FROM opened
"""

CLEAR = ending_sessions("""
    (idle_until <= now() OR id IN (
        SELECT id FROM sessions WHERE user_id = %(user_id)s ORDER BY refreshed_at DESC, id OFFSET %(sessions_max)s
    ))
""")

ROTATE = f"""
    WITH rotated AS (
        UPDATE sessions SET
            token_hash = %(new_hash)s,
            source_ip = %(source_ip)s,
            user_agent = %(user_agent)s,
            refreshed_at = now(),
            idle_until = least(now() + %(idle_seconds)s * interval '1 second', expires_at)
        FROM users
        WHERE token_hash = %(old_hash)s AND idle_until > now() AND users.id = sessions.user_id AND {IS_ACTIVE}
        RETURNING sessions.id, user_id, role
    ), kept AS (
        INSERT INTO used_refresh_tokens (token_hash, session_id, seed) SELECT %(old_hash)s, id, %(seed)s FROM rotated
    )
    SELECT id::text, user_id, role FROM rotated
"""

# A statement of its own: it sees what the winner of a race has committed.
FIND_USED = f"""
    SELECT sessions.id::text, users.id, users.role, seed, used_at > now() - %(grace_seconds)s * interval '1 second'
    FROM used_refresh_tokens
    JOIN sessions ON sessions.id = session_id
    JOIN users ON users.id = user_id
    WHERE used_refresh_tokens.token_hash = %(old_hash)s AND idle_until > now() AND {IS_ACTIVE}
"""

LIST = """
    SELECT id::text, created_at, refreshed_at, idle_until, expires_at, source_ip, user_agent
    FROM sessions
    WHERE user_id = %(user_id)s AND idle_until > now()
    ORDER BY refreshed_at DESC, id
"""

REMOVE = ending_sessions("id = %(session_id)s")

REMOVE_REUSED = ending_sessions("id = %(session_id)s", "session.reuse_detected")

FIND_STANDING = f"""
    SELECT role
    FROM sessions
    JOIN users ON users.id = user_id
    WHERE sessions.id = %(session_id)s AND user_id = %(user_id)s AND idle_until > now() AND {IS_ACTIVE}
"""

FIND_STANDINGS = f"""
    SELECT role, sessions.id::text, extract(epoch FROM idle_until)::float8
    FROM users
    LEFT JOIN sessions ON user_id = users.id AND idle_until > now()
    WHERE users.id = %(user_id)s AND {IS_ACTIVE}
"""
