"""Sessions in PostgreSQL."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from roster.audit import postgres as audit
from roster.auth.caller import Role
from roster.auth.statements import END_SESSIONS
from roster.sessions import statements
from roster.sessions.models import Session, is_id
from roster.sessions.repository import (
    GRACE_SECONDS,
    SESSIONS_MAX,
    Lifetime,
    NewSession,
    Reused,
    Rotated,
    Rotation,
    Sessions,
    Standing,
    StandingsByUser,
)

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database


class PostgresSessions(Sessions):
    """Implements `Sessions` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"], grace_seconds: float = GRACE_SECONDS) -> None:
        self._database = database
        self._grace_seconds = grace_seconds

    def add(self, new: NewSession, lifetime: Lifetime) -> Role | None:
        values = {**new._asdict(), **new.client._asdict(), **lifetime._asdict(), **audit.origin_values()}
        values["sessions_max"] = SESSIONS_MAX

        def add(cursor: "Cursor") -> Role | None:
            cursor.execute(statements.ADD, values)
            row = cursor.fetchone()
            cursor.execute(statements.CLEAR, values)
            return None if row is None else row[0]

        return self._database().transaction(add)

    def rotate(self, rotation: Rotation, lifetime: Lifetime) -> Rotated | Reused | None:
        values = {**rotation._asdict(), **rotation.client._asdict(), **lifetime._asdict()}
        values["grace_seconds"] = self._grace_seconds

        def rotate(cursor: "Cursor") -> Rotated | Reused | None:
            cursor.execute(statements.ROTATE, values)
            row = cursor.fetchone()
            return _found_used(cursor, values) if row is None else Rotated(row[0], row[1], row[2], rotation.seed)

        return self._database().transaction(rotate)

    def all_of(self, user_id: int) -> list[Session]:
        return [Session(*row) for row in self._database().fetch_all(statements.LIST, {"user_id": user_id})]

    def remove(self, user_id: int, session_id: str) -> bool:
        values = {"user_id": user_id, "session_id": session_id}
        return is_id(session_id) and self._removed(statements.REMOVE, values) > 0

    def remove_reused(self, user_id: int, session_id: str) -> None:
        self._removed(statements.REMOVE_REUSED, {"user_id": user_id, "session_id": session_id})

    def remove_all(self, user_id: int) -> int:
        return self._removed(END_SESSIONS, {"user_id": user_id})

    def _removed(self, statement: str, values: Mapping[str, object]) -> int:
        def remove(cursor: "Cursor") -> int:
            cursor.execute(statement, {**values, **audit.origin_values()})
            return cursor.rowcount

        return self._database().transaction(remove)


class PostgresStandings(StandingsByUser):
    """Implements `StandingsByUser` on PostgreSQL."""

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def find(self, user_id: int, session_id: str) -> Role | None:
        if not is_id(session_id):
            return None
        row = self._database().fetch_one(statements.FIND_STANDING, {"user_id": user_id, "session_id": session_id})
        return None if row is None else row[0]

    def of(self, user_id: int) -> Standing | None:
        rows = self._database().fetch_all(statements.FIND_STANDINGS, {"user_id": user_id})
        return Standing(rows[0][0], {row[1]: row[2] for row in rows if row[1]}) if rows else None


def _found_used(cursor: "Cursor", values: Mapping[str, Any]) -> Rotated | Reused | None:
    cursor.execute(statements.FIND_USED, values)
    row = cursor.fetchone()
    if row is None:
        return None
    session_id, user_id, role, seed, is_in_grace = row
    return Rotated(session_id, user_id, role, bytes(seed)) if is_in_grace else Reused(session_id, user_id)
