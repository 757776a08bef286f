"""First answers in PostgreSQL, in the transaction of the effect."""

import hmac
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from roster.idempotency import scopes, statements
from roster.idempotency.models import Answer, IdempotencyKey, Item, Kind
from roster.idempotency.repository import FirstAnswers, RequestInFlightError, reused

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

    from roster.infrastructure.database import Database


class PostgresAnswers(FirstAnswers):
    """
    Implements `FirstAnswers` on PostgreSQL.

    The name is committed before the effect begins: its row is what the transaction of the effect holds, so that a
    duplicate sees at once that somebody is at work. A row whose holder died is free again.
    """

    def __init__(self, database: Callable[[], "Database"]) -> None:
        self._database = database

    def first(self, key: IdempotencyKey, kind: Kind[Item], effect: Callable[[], Item]) -> Answer[Item]:
        if key.name is None:
            return Answer(effect(), is_replayed=False)
        from roster.idempotency import codec  # noqa: PLC0415 (loads pydantic, which read the body of any such request)

        values = {"scope": scopes.current(), "key": key.name, "fingerprint": key.fingerprint}

        def answer(cursor: "Cursor") -> Answer[Item]:
            kept = _taken(cursor, values, key.fingerprint)
            if kept is not None:
                return Answer(codec.decoded(kind, kept), is_replayed=True)
            item = effect()
            about = {"answer": codec.encoded(kind, item), "subject_id": kind.subject_of(item)}
            cursor.execute(statements.KEEP, values | about)
            return Answer(item, is_replayed=False)

        self._database().transaction(lambda cursor: _open(cursor, values))
        return self._database().transaction(answer)


def _open(cursor: "Cursor", values: Mapping[str, object]) -> None:
    for statement in (statements.FORGET_EXPIRED, statements.OPEN, statements.SWEEP):
        cursor.execute(statement, values)


def _taken(cursor: "Cursor", values: Mapping[str, object], fingerprint: bytes) -> str | None:
    """Return the answer that was kept, None if there is none yet; nobody else takes the row meanwhile."""
    cursor.execute(statements.TAKE, values)
    row = cursor.fetchone()
    if row is None:
        raise RequestInFlightError
    if not hmac.compare_digest(bytes(row[0]), fingerprint):
        raise reused()
    return None if row[1] is None else str(row[1])
