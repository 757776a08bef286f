"""Users in PostgreSQL."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from roster.audit import postgres as audit
from roster.auth.folding import folded_name
from roster.auth.statements import END_SESSIONS
from roster.errors import StaleVersionError
from roster.idempotency import statements as idempotency
from roster.infrastructure import versions as row_versions
from roster.infrastructure.versions import Versions
from roster.users import list_postgres, statements
from roster.users.listing import Listing, Slice
from roster.users.models import User
from roster.users.repository import (
    EmailTakenError,
    LastAdminError,
    NewUser,
    NewValues,
    UserNotFoundError,
    Users,
)

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database, Row


_CONFLICTS = {"users_email_canonical_key": EmailTakenError}


class PostgresUsers(Users):
    """Implements `Users` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def find(self, user_id: int) -> User | None:
        row = self._database().fetch_one(statements.FIND, {"user_id": user_id})
        return None if row is None else User(*row)

    def page(self, listing: Listing) -> Slice:
        return list_postgres.page(self._database(), listing)

    def add(self, new: NewUser) -> User:
        return User(*self._write(statements.ADD, statements.values_of(new)))

    def change(self, user_id: int, values: NewValues, versions: Versions = None) -> User:
        parameters = {
            "user_id": user_id,
            "versions": row_versions.as_parameter(versions),
            "email": values.address and values.address.typed,
            "email_canonical": values.address and values.address.canonical,
            "name": values.name,
            "name_folded": None if values.name is None else folded_name(values.name),
            "role": values.role,
            "status": values.status,
        }
        is_disabled = values.status == "disabled"
        ceases = is_disabled or values.role == "user"
        then = (END_SESSIONS,) if is_disabled else ()
        return User(*self._write(statements.CHANGE, parameters, then, ceasing_admin_id=user_id if ceases else None))

    def remove(self, user_id: int, versions: Versions = None) -> None:
        parameters = {"user_id": user_id, "versions": row_versions.as_parameter(versions)}
        then = (END_SESSIONS, statements.FORGET_SECOND_FACTOR, audit.FORGET, idempotency.FORGET)
        self._write(statements.ERASE, parameters, then, ceasing_admin_id=user_id)

    def _write(
        self,
        statement: str,
        parameters: Mapping[str, object],
        then: tuple[str, ...] = (),
        *,
        ceasing_admin_id: int | None = None,
    ) -> "Row":
        values = {**parameters, **audit.origin_values()}

        def write(cursor: "Cursor") -> "Row":
            admins = [] if ceasing_admin_id is None else _locked_admins(cursor)
            cursor.execute(statement, values)
            row: Row = cursor.fetchone() or _raise_why_not(cursor, parameters)
            if admins == [ceasing_admin_id]:
                raise LastAdminError
            for following in then:
                cursor.execute(following, values)
            return row

        return self._database().transaction(write, _CONFLICTS)


def _locked_admins(cursor: "Cursor") -> list[int]:
    cursor.execute(statements.LOCK_ACTIVE_ADMINS)
    return [admin_id for (admin_id,) in cursor.fetchall()]


def _raise_why_not(cursor: "Cursor", parameters: Mapping[str, object]) -> "Row":
    """Say why no row was written: it is missing, or in another version."""
    cursor.execute(statements.FIND, parameters)
    raise StaleVersionError if cursor.fetchone() else UserNotFoundError
