"""All SQL about accounts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from roster.audit import postgres as audit
from roster.auth import address, statements
from roster.auth.repository import BLOCK_SECONDS, FORGIVEN_AFTER_SECONDS, Account, Accounts, LoginFailures

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database

# Never the same time twice: a login says by it which password it proved.
_CHANGE_PASSWORD = f"""
    WITH changed AS (
        UPDATE user_passwords
        SET hash = %(new_hash)s, changed_at = greatest(now(), changed_at + interval '1 ms')
        WHERE user_id = %(user_id)s AND hash = %(old_hash)s
        RETURNING user_id
    ), {audit.recording("password.changed", "user_id", "changed")}
    SELECT user_id FROM changed
"""

# changed_at says when the user chose the password; to the user this changes nothing, so it is not recorded.
_REHASH = """
    UPDATE user_passwords
    SET hash = %(new_hash)s
    WHERE user_id = %(user_id)s AND hash = %(old_hash)s
"""

# The row is locked before DO UPDATE looks at it, so the clock is read after whoever came before has committed.
_SETTLE = """
    INSERT INTO login_failures AS kept (account, failures, attempted_at, blocked_until)
    VALUES (%(account)s, %(failed)s, clock_timestamp(), clock_timestamp())
    ON CONFLICT (account) DO UPDATE
    SET (failures, attempted_at, blocked_until) = (
        SELECT counted, at, at + coalesce((%(block_seconds)s)[counted], 0) * interval '1 second'
        FROM (
            SELECT
                clock_timestamp(),
                floor(extract(epoch FROM clock_timestamp() - kept.attempted_at) / %(forgiven_after_seconds)s)::integer
        ) AS since (at, forgiven), LATERAL (
            SELECT EXCLUDED.failures * least(greatest(kept.failures - forgiven, 0) + 1, %(failures_max)s)
        ) AS this (counted)
    )
    WHERE kept.blocked_until <= clock_timestamp()
    RETURNING failures
"""

# Skips what others hold: whoever cleans up waits for nobody.
_FORGIVE = """
    DELETE FROM login_failures WHERE account IN (
        SELECT account FROM login_failures
        WHERE attempted_at < now() - %(kept_seconds)s * interval '1 second'
        ORDER BY attempted_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED
    )
"""

_FORGET = "DELETE FROM login_failures WHERE account = %(account)s"


class PostgresAccounts(Accounts):
    """Implements `Accounts` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def find_by_address(self, canonical: str) -> Account | None:
        row = self._database().fetch_one(statements.FIND_BY_ADDRESS, {"canonical": canonical})
        if row is None:
            return None
        account = Account(*row[1:])
        return account if row[0] else None

    def find(self, user_id: int) -> Account | None:
        row = self._database().fetch_one(statements.FIND_BY_ID, {"user_id": user_id})
        return None if row is None else Account(*row)

    def change_password(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        return self._replace(_CHANGE_PASSWORD, user_id, old_hash, new_hash, then=statements.END_SESSIONS)

    def rehash(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        return self._replace(_REHASH, user_id, old_hash, new_hash)

    def _replace(self, statement: str, user_id: int, old_hash: str, new_hash: str, then: str | None = None) -> bool:
        values = {"user_id": user_id, "old_hash": old_hash, "new_hash": new_hash, **audit.origin_values()}

        def replace(cursor: "Cursor") -> bool:
            cursor.execute(statement, values)
            is_replaced = cursor.rowcount == 1
            if is_replaced and then:
                cursor.execute(then, values)
            return is_replaced

        return self._database().transaction(replace)


class PostgresLoginFailures(LoginFailures):
    """Implements `LoginFailures` on PostgreSQL, by its clock."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def settle(self, canonical: str, *, is_right: bool) -> bool:
        values = {
            "account": address.fingerprint(canonical),
            "failed": 0 if is_right else 1,
            "block_seconds": list(BLOCK_SECONDS),
            "failures_max": len(BLOCK_SECONDS),
            "forgiven_after_seconds": FORGIVEN_AFTER_SECONDS,
            "kept_seconds": len(BLOCK_SECONDS) * FORGIVEN_AFTER_SECONDS,
        }

        def settle(cursor: "Cursor") -> bool:
            cursor.execute(_SETTLE, values)
            counts = cursor.fetchone() is not None
            cursor.execute(_FORGIVE, values)
            return counts

        return self._database().transaction(settle)

    def forget(self, canonical: str) -> None:
        values = {"account": address.fingerprint(canonical)}
        self._database().transaction(lambda cursor: cursor.execute(_FORGET, values))
