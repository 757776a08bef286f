"""The SQL about using links."""

from roster.audit import postgres as audit
from roster.auth import statements as auth
from roster.users import statements as users

_GOOD = f"""
    mailed_tokens.token_hash = %(token_hash)s AND mailed_tokens.expires_at > now()
    AND users.id = mailed_tokens.user_id AND users.email_canonical = mailed_tokens.email_canonical
    AND {auth.IS_ACTIVE}
"""
_GOOD_RESET = f"""
    {_GOOD} AND mailed_tokens.kind = 'reset_password'
    AND user_passwords.user_id = users.id AND user_passwords.changed_at <= mailed_tokens.created_at
"""
_GOOD_VERIFICATION = f"{_GOOD} AND mailed_tokens.kind = 'verify_email'"
_GOOD_REGISTRATION = """
    mailed_tokens.token_hash = %(token_hash)s AND mailed_tokens.expires_at > now()
    AND mailed_tokens.kind = 'registration' AND pending_registrations.id = mailed_tokens.registration_id
"""

FIND_RESET = f"""
    SELECT users.id, users.email, users.name, {auth.HAS_SECOND_FACTOR}
    FROM mailed_tokens, users, user_passwords
    WHERE {_GOOD_RESET}
"""
FIND_VERIFICATION = f"""
    SELECT users.id, users.email, users.name FROM mailed_tokens, users WHERE {_GOOD_VERIFICATION}
    UNION ALL
    SELECT NULL, pending_registrations.email, pending_registrations.name
    FROM mailed_tokens, pending_registrations WHERE {_GOOD_REGISTRATION}
"""


def _verifying(tables: str, good: str) -> str:
    """
    Return the first statement of each transaction: it verifies the address of the user behind a good token.

    It locks the user's row, as every other writer of users does: so those who use links of one user take turns, and
    the second no longer finds its token. Verified twice is no new version.
    """
    return f"""
        WITH found AS (
            SELECT users.id AS found_id, users.email_verified AS was_verified FROM {tables}
            WHERE {good} AND users.id = %(user_id)s
            FOR NO KEY UPDATE OF users
        ), verified AS (
            UPDATE users SET
                email_verified = true,
                updated_at = CASE WHEN was_verified THEN updated_at ELSE now() END,
                version = version + CASE WHEN was_verified THEN 0 ELSE 1 END
            FROM found
            WHERE id = found_id
            RETURNING id, email_canonical, was_verified
        ), {
        audit.recording(
            "email.verified",
            "id",
            "verified WHERE NOT was_verified",
            before=_verified_is("false"),
            after=_verified_is("true"),
        )
    }
        SELECT email_canonical FROM verified
    """


def _verified_is(value: str) -> str:
    return f"jsonb_build_object('email_verified', {value})"


VERIFY_BY_RESET = _verifying("users, mailed_tokens, user_passwords", _GOOD_RESET)
VERIFY = _verifying("users, mailed_tokens", _GOOD_VERIFICATION)

USE = "DELETE FROM mailed_tokens WHERE token_hash = %(token_hash)s RETURNING token_hash"
# Never the same time twice: a login says by it which password it proved.
_SET_PASSWORD = f"""
    WITH changed AS (
        UPDATE user_passwords
        SET hash = %(password_hash)s, changed_at = greatest(now(), changed_at + interval '1 ms')
        WHERE user_id = %(user_id)s
        RETURNING user_id
    ), {audit.recording("password.reset", "user_id", "changed")}
    SELECT user_id FROM changed
"""
_FORGET_FAILURES = "DELETE FROM login_failures WHERE account = %(account)s"
_END_OTHER_LINKS = "DELETE FROM mailed_tokens WHERE user_id = %(user_id)s AND kind = 'reset_password'"
AFTER_RESET = (_SET_PASSWORD, auth.END_SESSIONS, _END_OTHER_LINKS, _FORGET_FAILURES)

# In one order, so that those who confirm registrations of one address at once take turns.
LOCK_REGISTRATIONS = """
    SELECT id FROM pending_registrations
    WHERE email_canonical = (SELECT email_canonical FROM mailed_tokens WHERE token_hash = %(token_hash)s)
    ORDER BY id
    FOR UPDATE
"""
REGISTER = f"""
    WITH used AS (
        DELETE FROM mailed_tokens USING pending_registrations WHERE {_GOOD_REGISTRATION}
        RETURNING pending_registrations.email, pending_registrations.email_canonical, pending_registrations.name,
            pending_registrations.name_folded, pending_registrations.password_hash
    ), added AS (
        INSERT INTO users (email, email_canonical, name, name_folded, email_verified)
        SELECT email, email_canonical, name, name_folded, true FROM used
        ON CONFLICT ON CONSTRAINT users_email_canonical_key DO NOTHING
        RETURNING id, email, name, role, status, email_verified
    ), kept AS (
        INSERT INTO user_passwords (user_id, hash) SELECT added.id, used.password_hash FROM added, used
    ), {audit.recording("user.registered", "id", "added", after=users.FACTS)}
    SELECT added.id, used.email_canonical FROM added, used
"""
FORGET_REGISTRATIONS = "DELETE FROM pending_registrations WHERE email_canonical = %(canonical)s"
