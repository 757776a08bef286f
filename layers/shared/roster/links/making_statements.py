"""The SQL about making links, and about registrations that wait for theirs."""

from roster.auth.statements import IS_ACTIVE

RESET_SECONDS = 3600
VERIFICATION_SECONDS = 24 * 3600
# A registration waits longer for its mail than the outbox tries to send it, and then as long as the link works.
REGISTRATION_SECONDS = 48 * 3600

_IN_LIFE = "now() + make_interval(secs => %(life_seconds)s)"


def _link_to_a_user(letter: str, whom: str) -> str:
    """
    Return the statement that keeps a token for the user found by *whom*; their id goes into the outbox.

    The user's row is locked first, as by who erases them: both come to the outbox after that.
    """
    return f"""
        WITH found AS (
            SELECT users.id, users.email, users.email_canonical FROM users WHERE {whom} AND {IS_ACTIVE}
            FOR KEY SHARE
        ), kept AS (
            INSERT INTO mailed_tokens (token_hash, kind, user_id, email_canonical, expires_at)
            SELECT %(token_hash)s, '{letter}', id, email_canonical, {_IN_LIFE} FROM found
            RETURNING expires_at
        ), named AS (
            UPDATE outbox SET user_id = found.id FROM found WHERE outbox.id = %(id)s
        )
        SELECT '{letter}', found.email, found.email_canonical, kept.expires_at FROM found, kept
    """


_MAKE_RESET = _link_to_a_user("reset_password", "users.email_canonical = %(email_canonical)s")
_MAKE_VERIFICATION = _link_to_a_user("verify_email", "users.id = %(user_id)s AND NOT users.email_verified")

_MAKE_CONFIRMATION = f"""
    WITH taken AS (
        SELECT users.email, users.email_canonical FROM users, pending_registrations
        WHERE pending_registrations.id = %(registration_id)s
            AND users.email_canonical = pending_registrations.email_canonical
    ), free AS (
        UPDATE pending_registrations SET expires_at = {_IN_LIFE}
        WHERE id = %(registration_id)s AND NOT EXISTS (SELECT FROM taken)
        RETURNING id, email, email_canonical, expires_at
    ), kept AS (
        INSERT INTO mailed_tokens (token_hash, kind, registration_id, email_canonical, expires_at)
        SELECT %(token_hash)s, 'registration', id, email_canonical, expires_at FROM free
    )
    SELECT 'confirm_registration', email, email_canonical, expires_at FROM free
    UNION ALL
    SELECT 'already_registered', email, email_canonical, NULL FROM taken
"""

BY_KIND = {
    "reset_password": (_MAKE_RESET, RESET_SECONDS),
    "verify_email": (_MAKE_VERIFICATION, VERIFICATION_SECONDS),
    "registration": (_MAKE_CONFIRMATION, VERIFICATION_SECONDS),
}

ADD_REGISTRATION = f"""
    WITH pending AS (
        INSERT INTO pending_registrations (email, email_canonical, name, name_folded, password_hash, expires_at)
        VALUES (%(email)s, %(email_canonical)s, %(name)s, %(name_folded)s, %(password_hash)s, {_IN_LIFE})
        RETURNING id
    )
    INSERT INTO outbox (kind, registration_id) SELECT 'registration', id FROM pending
"""

FORGET_EXPIRED = (
    "DELETE FROM mailed_tokens WHERE expires_at <= now()",
    "DELETE FROM pending_registrations WHERE expires_at <= now()",
)
