"""All SQL about users."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from roster.errors import StaleVersionError
from roster.users.models import User
from roster.users.repository import (
    EmailTakenError,
    LastAdminError,
    NewUser,
    NewValues,
    UserNotFoundError,
    Users,
    Versions,
)

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database, Row

_COLUMNS = "id, email, name, role, status, email_verified, created_at, updated_at, version"

_FIND = f"SELECT {_COLUMNS} FROM users WHERE id = %(user_id)s AND erased_at IS NULL"

_PAGE = f"""
    SELECT {_COLUMNS} FROM users
    WHERE id > %(after_id)s AND erased_at IS NULL
    ORDER BY id
    LIMIT %(limit)s
"""

_ADD = f"""
    WITH added AS (
        INSERT INTO users (email, email_canonical, name, role)
        VALUES (%(email)s, %(email_canonical)s, %(name)s, %(role)s)
        RETURNING {_COLUMNS}
    ), kept AS (
        INSERT INTO user_passwords (user_id, hash) SELECT id, %(password_hash)s FROM added
    )
    SELECT {_COLUMNS} FROM added
"""

_IN_ONE_OF_THESE_VERSIONS = """
    id = %(user_id)s AND erased_at IS NULL
    AND (%(versions)s::bigint[] IS NULL OR version = ANY (%(versions)s::bigint[]))
"""

_CHANGE = f"""
    UPDATE users SET
        email = coalesce(%(email)s, email),
        email_canonical = coalesce(%(email_canonical)s, email_canonical),
        email_verified = email_verified AND email_canonical = coalesce(%(email_canonical)s, email_canonical),
        name = coalesce(%(name)s, name),
        role = coalesce(%(role)s, role),
        status = coalesce(%(status)s, status),
        updated_at = now(),
        version = version + 1
    WHERE {_IN_ONE_OF_THESE_VERSIONS}
    RETURNING {_COLUMNS}
"""

_ERASE = f"""
    WITH erased AS (
        UPDATE users SET
            email = NULL, email_canonical = NULL, name = NULL, email_verified = false,
            erased_at = now(), updated_at = now(), version = version + 1
        WHERE {_IN_ONE_OF_THESE_VERSIONS}
        RETURNING id
    ), forgotten AS (
        DELETE FROM user_passwords WHERE user_id IN (SELECT id FROM erased)
    )
    SELECT id FROM erased
"""

# In one order, so that two who do it at once take turns; the second sees what the first left.
_LOCK_ACTIVE_ADMINS = """
    SELECT id FROM users
    WHERE role = 'admin' AND status = 'active' AND erased_at IS NULL
    ORDER BY id
    FOR UPDATE
"""

_CONFLICTS = {"users_email_canonical_key": EmailTakenError}


class PostgresUsers(Users):
    """Implements `Users` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def find(self, user_id: int) -> User | None:
        row = self._database().fetch_one(_FIND, {"user_id": user_id})
        return None if row is None else User(*row)

    def page(self, after_id: int, limit: int) -> list[User]:
        rows = self._database().fetch_all(_PAGE, {"after_id": after_id, "limit": limit})
        return [User(*row) for row in rows]

    def add(self, new: NewUser) -> User:
        values = {"email": new.address.typed, "email_canonical": new.address.canonical, **new._asdict()}
        return User(*self._write(_ADD, values))

    def change(self, user_id: int, values: NewValues, versions: Versions = None) -> User:
        parameters = {
            "user_id": user_id,
            "versions": _array(versions),
            "email": values.address and values.address.typed,
            "email_canonical": values.address and values.address.canonical,
            "name": values.name,
            "role": values.role,
            "status": values.status,
        }
        ceases = values.role == "user" or values.status == "disabled"
        return User(*self._write(_CHANGE, parameters, ceasing_admin_id=user_id if ceases else None))

    def remove(self, user_id: int, versions: Versions = None) -> None:
        self._write(_ERASE, {"user_id": user_id, "versions": _array(versions)}, ceasing_admin_id=user_id)

    def _write(self, statement: str, parameters: Mapping[str, object], *, ceasing_admin_id: int | None = None) -> "Row":
        def write(cursor: "Cursor") -> "Row":
            admins = [] if ceasing_admin_id is None else _locked_admins(cursor)
            cursor.execute(statement, parameters)
            row: Row = cursor.fetchone() or _raise_why_not(cursor, parameters)
            if admins == [ceasing_admin_id]:
                raise LastAdminError
            return row

        return self._database().transaction(write, _CONFLICTS)


def _locked_admins(cursor: "Cursor") -> list[int]:
    cursor.execute(_LOCK_ACTIVE_ADMINS)
    return [admin_id for (admin_id,) in cursor.fetchall()]


def _raise_why_not(cursor: "Cursor", parameters: Mapping[str, object]) -> "Row":
    """Say why no row was written: it is missing, or in another version."""
    cursor.execute(_FIND, parameters)
    raise StaleVersionError if cursor.fetchone() else UserNotFoundError


def _array(versions: Versions) -> list[int] | None:
    return None if versions is None else sorted(versions)
