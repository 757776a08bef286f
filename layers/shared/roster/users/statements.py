"""The SQL about users."""

COLUMNS = "id, email, name, role, status, email_verified, created_at, updated_at, version"

FIND = f"SELECT {COLUMNS} FROM users WHERE id = %(user_id)s AND erased_at IS NULL"

PAGE = f"""
    SELECT {COLUMNS} FROM users
    WHERE id > %(after_id)s AND erased_at IS NULL
    ORDER BY id
    LIMIT %(limit)s
"""

ADD = f"""
    WITH added AS (
        INSERT INTO users (email, email_canonical, name, role)
        VALUES (%(email)s, %(email_canonical)s, %(name)s, %(role)s)
        RETURNING {COLUMNS}
    ), kept AS (
        INSERT INTO user_passwords (user_id, hash) SELECT id, %(password_hash)s FROM added
    )
    SELECT {COLUMNS} FROM added
"""

IN_ONE_OF_THESE_VERSIONS = """
    id = %(user_id)s AND erased_at IS NULL
    AND (%(versions)s::bigint[] IS NULL OR version = ANY (%(versions)s::bigint[]))
"""

CHANGE = f"""
    UPDATE users SET
        email = coalesce(%(email)s, email),
        email_canonical = coalesce(%(email_canonical)s, email_canonical),
        email_verified = email_verified AND email_canonical = coalesce(%(email_canonical)s, email_canonical),
        name = coalesce(%(name)s, name),
        role = coalesce(%(role)s, role),
        status = coalesce(%(status)s, status),
        updated_at = now(),
        version = version + 1
    WHERE {IN_ONE_OF_THESE_VERSIONS}
    RETURNING {COLUMNS}
"""

ERASE = f"""
    WITH erased AS (
        UPDATE users SET
            email = NULL, email_canonical = NULL, name = NULL, email_verified = false,
            erased_at = now(), updated_at = now(), version = version + 1
        WHERE {IN_ONE_OF_THESE_VERSIONS}
        RETURNING id
    ), forgotten AS (
        DELETE FROM user_passwords WHERE user_id IN (SELECT id FROM erased)
    )
    SELECT id FROM erased
"""

# A statement of its own after the change: it sees the session of a login that came before.
END_SESSIONS = "DELETE FROM sessions WHERE user_id = %(user_id)s"

# In one order, so that two who do it at once take turns; the second sees what the first left.
LOCK_ACTIVE_ADMINS = """
    SELECT id FROM users
    WHERE role = 'admin' AND status = 'active' AND erased_at IS NULL
    ORDER BY id
    FOR UPDATE
"""
