"""All SQL about the outbox."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from roster.mail.models import Mail
from roster.mail.repository import Outbox

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database, Row

_COLUMNS = "id, kind, email_canonical, user_id, registration_id, attempts"

_ADD_RESET = "INSERT INTO outbox (kind, email_canonical) VALUES ('reset_password', %(canonical)s)"
_ADD_VERIFICATION = "INSERT INTO outbox (kind, user_id) VALUES ('verify_email', %(user_id)s)"

_OVERDUE = """
    SELECT extract(epoch FROM now() - min(next_attempt_at)) FROM outbox
    WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= now()
"""

_CLAIM = f"""
    UPDATE outbox
    SET claimed_until = now() + make_interval(secs => %(lease_seconds)s), attempts = attempts + 1
    WHERE id = (
        SELECT id FROM outbox
        WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= now()
            AND (claimed_until IS NULL OR claimed_until <= now())
        ORDER BY next_attempt_at
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING {_COLUMNS}
"""

_FIND = f"SELECT {_COLUMNS} FROM outbox WHERE id = %(id)s"
_REMOVE = "DELETE FROM outbox WHERE id = %(id)s"

# Only a bounce sets the next attempt of a claimed mail into the future.
_MARK_SENT = """
    UPDATE outbox SET sent_at = now(), claimed_until = NULL, error_code = NULL
    WHERE id = %(id)s AND failed_at IS NULL AND next_attempt_at <= now()
"""

_IF_STILL_CLAIMED = "WHERE id = %(id)s AND attempts = %(attempts)s AND sent_at IS NULL"
_DELAYED = "claimed_until = NULL, next_attempt_at = now() + make_interval(secs => %(delay_seconds)s)"

_POSTPONE = f"UPDATE outbox SET {_DELAYED}, error_code = %(code)s {_IF_STILL_CLAIMED}"

_GIVE_UP = f"""
    UPDATE outbox SET failed_at = now(), claimed_until = NULL, error_code = %(code)s {_IF_STILL_CLAIMED}
"""

_IF_FIRST_BOUNCE = """
    WHERE id = %(id)s AND attempts = %(attempts)s AND failed_at IS NULL AND next_attempt_at <= now()
"""
_RETRY_BOUNCED = f"""
    UPDATE outbox SET {_DELAYED}, sent_at = NULL, bounced_at = now(), error_code = %(code)s {_IF_FIRST_BOUNCE}
"""
_FAIL_BOUNCED = f"""
    UPDATE outbox SET failed_at = now(), claimed_until = NULL, bounced_at = now(), error_code = %(code)s
    {_IF_FIRST_BOUNCE}
"""
_MARK_COMPLAINED = "UPDATE outbox SET error_code = 'complaint' WHERE id = %(id)s"

_CLEAN_UP = "DELETE FROM outbox WHERE coalesce(failed_at, sent_at) < now() - interval '90 days'"


class PostgresOutbox(Outbox):
    """Implements `Outbox` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def add_reset(self, canonical: str) -> None:
        self._write(_ADD_RESET, {"canonical": canonical})

    def add_verification(self, user_id: int) -> None:
        self._write(_ADD_VERIFICATION, {"user_id": user_id})

    def overdue_seconds(self) -> float | None:
        row = self._database().fetch_one(_OVERDUE, {})
        return None if row is None or row[0] is None else float(row[0])

    def claim(self, lease_seconds: float) -> Mail | None:
        def claim(cursor: "Cursor") -> "Row | None":
            cursor.execute(_CLAIM, {"lease_seconds": lease_seconds})
            return cursor.fetchone()

        row = self._database().transaction(claim)
        return None if row is None else Mail(*row)

    def remove(self, mail: Mail) -> None:
        self._write(_REMOVE, mail._asdict())

    def mark_sent(self, mail: Mail) -> None:
        self._write(_MARK_SENT, mail._asdict())

    def postpone(self, mail: Mail, code: str, delay_seconds: float) -> None:
        self._write(_POSTPONE, mail._asdict() | {"code": code, "delay_seconds": delay_seconds})

    def give_up(self, mail: Mail, code: str) -> None:
        self._write(_GIVE_UP, mail._asdict() | {"code": code})

    def find(self, mail_id: int) -> Mail | None:
        row = self._database().fetch_one(_FIND, {"id": mail_id})
        return None if row is None else Mail(*row)

    def mark_bounced(self, mail: Mail, code: str, delay_seconds: float | None) -> bool:
        statement = _FAIL_BOUNCED if delay_seconds is None else _RETRY_BOUNCED
        return self._write(statement, mail._asdict() | {"code": code, "delay_seconds": delay_seconds}) == 1

    def mark_complained(self, mail: Mail) -> None:
        self._write(_MARK_COMPLAINED, mail._asdict())

    def clean_up(self) -> None:
        self._write(_CLEAN_UP, {})

    def _write(self, statement: str, values: Mapping[str, object]) -> int:
        def write(cursor: "Cursor") -> int:
            cursor.execute(statement, values)
            return cursor.rowcount

        return self._database().transaction(write)
