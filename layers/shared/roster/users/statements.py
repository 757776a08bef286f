"""The SQL about users."""

from roster.audit import postgres as audit
from roster.auth.folding import folded_name
from roster.infrastructure import versions
from roster.users.repository import NewUser

COLUMNS = "id, email, name, role, status, email_verified, created_at, updated_at, version"
FACTS = """jsonb_build_object(
        'email', email, 'name', name, 'role', role, 'status', status, 'email_verified', email_verified
    )"""

FIND = f"SELECT {COLUMNS} FROM users WHERE id = %(user_id)s AND erased_at IS NULL"

ADD = f"""
    WITH added AS (
        INSERT INTO users (email, email_canonical, name, name_folded, role)
        VALUES (%(email)s, %(email_canonical)s, %(name)s, %(name_folded)s, %(role)s)
        RETURNING {COLUMNS}
    ), kept AS (
        INSERT INTO user_passwords (user_id, hash) SELECT id, %(password_hash)s FROM added
    ), {audit.recording("user.registered", "id", "added", after=FACTS)}
    SELECT {COLUMNS} FROM added
"""

IN_ONE_OF_THESE_VERSIONS = f"""
    id = %(user_id)s AND erased_at IS NULL
    AND {versions.MEETS}
"""

_BEFORE = audit.differing("old", "new")
_AFTER = audit.differing("new", "old")
_RIGHTS_DIFFER = "(old -> 'role', old -> 'status') <> (new -> 'role', new -> 'status')"

CHANGE = f"""
    WITH found AS (
        SELECT id AS found_id, {FACTS} AS old FROM users WHERE {IN_ONE_OF_THESE_VERSIONS} FOR NO KEY UPDATE
    ), changed AS (
        UPDATE users SET
            email = coalesce(%(email)s, email),
            email_canonical = coalesce(%(email_canonical)s, email_canonical),
            email_verified = email_verified AND email_canonical = coalesce(%(email_canonical)s, email_canonical),
            name = coalesce(%(name)s, name),
            name_folded = coalesce(%(name_folded)s, name_folded),
            role = coalesce(%(role)s, role),
            status = coalesce(%(status)s, status),
            updated_at = now(),
            version = version + 1
        FROM found
        WHERE id = found_id
        RETURNING {COLUMNS}, old, {FACTS} AS new
    ),
    {audit.recording("user.changed", "id", f"changed WHERE NOT {_RIGHTS_DIFFER}", before=_BEFORE, after=_AFTER)},
    {audit.recording("user.rights_changed", "id", f"changed WHERE {_RIGHTS_DIFFER}", before=_BEFORE, after=_AFTER)}
    SELECT {COLUMNS} FROM changed
"""

ERASE = f"""
    WITH erased AS (
        UPDATE users SET
            email = NULL, email_canonical = NULL, name = NULL, name_folded = NULL, email_verified = false,
            erased_at = now(), updated_at = now(), version = version + 1
        WHERE {IN_ONE_OF_THESE_VERSIONS}
        RETURNING id
    ), forgotten AS (
        DELETE FROM user_passwords WHERE user_id IN (SELECT id FROM erased)
    ), unlinked AS (
        DELETE FROM mailed_tokens WHERE user_id IN (SELECT id FROM erased)
    ), unmailed AS (
        DELETE FROM outbox WHERE user_id IN (SELECT id FROM erased)
    ), {audit.recording("user.erased", "id", "erased")}
    SELECT id FROM erased
"""

# A statement of its own after the change: it sees what was enrolled until just before.
FORGET_SECOND_FACTOR = "DELETE FROM second_factors WHERE user_id = %(user_id)s"

# In one order, so that two who do it at once take turns; the second sees what the first left.
LOCK_ACTIVE_ADMINS = """
    SELECT id FROM users
    WHERE role = 'admin' AND status = 'active' AND erased_at IS NULL
    ORDER BY id
    FOR UPDATE
"""


def values_of(new: NewUser) -> dict[str, object]:
    """Return the values of a new user by their columns."""
    derived = {
        "email": new.address.typed,
        "email_canonical": new.address.canonical,
        "name_folded": folded_name(new.name),
    }
    return {**derived, **new._asdict()}
