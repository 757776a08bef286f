"""All SQL about accounts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from roster.auth.repository import Account, Accounts

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database, Row

_FIND = """
    SELECT users.id, users.role, users.status = 'active', user_passwords.hash, users.email, users.name
    FROM users
    JOIN user_passwords ON user_passwords.user_id = users.id
    WHERE users.erased_at IS NULL
"""
_FIND_BY_ADDRESS = _FIND + "AND users.email_canonical = %(canonical)s"
_FIND_BY_ID = _FIND + "AND users.id = %(user_id)s"

_CHANGE_PASSWORD = """
    UPDATE user_passwords
    SET hash = %(new_hash)s, changed_at = now()
    WHERE user_id = %(user_id)s AND hash = %(old_hash)s
"""

# changed_at says when the user chose the password.
_REHASH = """
    UPDATE user_passwords
    SET hash = %(new_hash)s
    WHERE user_id = %(user_id)s AND hash = %(old_hash)s
"""


class PostgresAccounts(Accounts):
    """Implements `Accounts` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def find_by_address(self, canonical: str) -> Account | None:
        return _account(self._database().fetch_one(_FIND_BY_ADDRESS, {"canonical": canonical}))

    def find(self, user_id: int) -> Account | None:
        return _account(self._database().fetch_one(_FIND_BY_ID, {"user_id": user_id}))

    def change_password(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        return self._replace(_CHANGE_PASSWORD, user_id, old_hash, new_hash)

    def rehash(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        return self._replace(_REHASH, user_id, old_hash, new_hash)

    def _replace(self, statement: str, user_id: int, old_hash: str, new_hash: str) -> bool:
        values = {"user_id": user_id, "old_hash": old_hash, "new_hash": new_hash}

        def replace(cursor: "Cursor") -> bool:
            cursor.execute(statement, values)
            return cursor.rowcount == 1

        return self._database().transaction(replace)


def _account(row: "Row | None") -> Account | None:
    return None if row is None else Account(*row)
