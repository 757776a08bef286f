"""Links in PostgreSQL: using them, and making them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from roster.audit import postgres as audit
from roster.auth import address
from roster.auth.address import Address
from roster.links import making_statements, statements
from roster.links.models import Owner
from roster.links.repository import InvalidLinkError, Links
from roster.mail.models import Addressee, Mail
from roster.mail.repository import Addressees
from roster.users import statements as users
from roster.users.repository import NewUser, PendingRegistrations

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database, Row


class PostgresLinks(Links):
    """Implements `Links` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def find_reset(self, token_hash: bytes) -> Owner | None:
        return self._find(statements.FIND_RESET, token_hash)

    def find_verification(self, token_hash: bytes) -> Owner | None:
        return self._find(statements.FIND_VERIFICATION, token_hash)

    def reset_password(self, token_hash: bytes, user_id: int, password_hash: str) -> None:
        values = {"token_hash": token_hash, "user_id": user_id, "password_hash": password_hash, **audit.origin_values()}

        def reset(cursor: "Cursor") -> None:
            (canonical,) = _row(cursor, statements.VERIFY_BY_RESET, values)
            _row(cursor, statements.USE, values)
            for statement in statements.AFTER_RESET:
                cursor.execute(statement, values | {"account": address.fingerprint(canonical)})

        self._database().transaction(reset)

    def verify_email(self, token_hash: bytes, user_id: int) -> None:
        def verify(cursor: "Cursor") -> None:
            for statement in (statements.VERIFY, statements.USE):
                _row(cursor, statement, {"token_hash": token_hash, "user_id": user_id, **audit.origin_values()})

        self._database().transaction(verify)

    def register(self, token_hash: bytes) -> int:
        def register(cursor: "Cursor") -> int:
            cursor.execute(statements.LOCK_REGISTRATIONS, {"token_hash": token_hash})
            user_id, canonical = _row(cursor, statements.REGISTER, {"token_hash": token_hash, **audit.origin_values()})
            cursor.execute(statements.FORGET_REGISTRATIONS, {"canonical": canonical})
            return int(user_id)

        return self._database().transaction(register)

    def _find(self, statement: str, token_hash: bytes) -> Owner | None:
        row = self._database().fetch_one(statement, {"token_hash": token_hash})
        return None if row is None else Owner(*row)


class PostgresAddressees(Addressees, PendingRegistrations):
    """Implements both on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def make_link(self, mail: Mail, token_hash: bytes) -> Addressee | None:
        statement, life_seconds = making_statements.BY_KIND[mail.kind]
        values = mail._asdict() | {"token_hash": token_hash, "life_seconds": life_seconds}

        def make(cursor: "Cursor") -> "Row | None":
            cursor.execute(statement, values)
            return cursor.fetchone()

        row = self._database().transaction(make)
        return None if row is None else Addressee(row[0], Address(row[1], row[2]), row[3])

    def add(self, new: NewUser) -> None:
        life = {"life_seconds": making_statements.REGISTRATION_SECONDS}
        self._write(making_statements.ADD_REGISTRATION, users.values_of(new) | life)

    def clean_up(self) -> None:
        for statement in making_statements.FORGET_EXPIRED:
            self._write(statement, {})

    def _write(self, statement: str, values: Mapping[str, object]) -> None:
        self._database().transaction(lambda cursor: cursor.execute(statement, values))


def _row(cursor: "Cursor", statement: str, values: Mapping[str, object]) -> "Row":
    cursor.execute(statement, values)
    row: Row | None = cursor.fetchone()
    if row is None:
        raise InvalidLinkError
    return row
