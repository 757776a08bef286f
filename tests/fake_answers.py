"""First answers in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from roster.idempotency import codec, scopes
from roster.idempotency.models import Answer, IdempotencyKey, Item, Kind
from roster.idempotency.repository import LIFE_SECONDS, FirstAnswers, RequestInFlightError, reused

from tests.fake_tables import FakeTables, now


@dataclass(slots=True)
class Kept:
    """A row: *is_held* says that somebody is at work on it, *answer* is None until they are done."""

    fingerprint: bytes
    created_at: datetime
    answer: str | None = None
    subject_id: int | None = None
    is_held: bool = False


class FakeAnswers(FirstAnswers):
    """Implements `FirstAnswers` in memory; an effect that fails has to undo itself. *passed* lets time go by."""

    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables
        self.rows: dict[tuple[str, str], Kept] = {}
        self.passed = timedelta()
        tables.on_erase.append(self._forget)

    def first(self, key: IdempotencyKey, kind: Kind[Item], effect: Callable[[], Item]) -> Answer[Item]:
        if key.name is None:
            return Answer(effect(), is_replayed=False)
        with self.tables.called("answers.first"):
            row = self._opened((scopes.current(), key.name), key.fingerprint)
            if row.is_held:
                raise RequestInFlightError
            if row.fingerprint != key.fingerprint:
                raise reused()
            if row.answer is not None:
                return Answer(codec.decoded(kind, row.answer), is_replayed=True)
            row.is_held = True
        return Answer(self._held(row, kind, effect), is_replayed=False)

    def _opened(self, place: tuple[str, str], fingerprint: bytes) -> Kept:
        moment = now() + self.passed
        limit = moment - timedelta(seconds=LIFE_SECONDS)
        self.rows = {where: row for where, row in self.rows.items() if row.is_held or row.created_at > limit}
        return self.rows.setdefault(place, Kept(fingerprint, moment))

    def _held(self, row: Kept, kind: Kind[Item], effect: Callable[[], Item]) -> Item:
        try:
            item = effect()
            with self.tables.lock:
                subject_id = kind.subject_of(item)
                if subject_id is None or subject_id in self.tables.rows:
                    row.answer, row.subject_id = codec.encoded(kind, item), subject_id
        finally:
            row.is_held = False
        return item

    def _forget(self, user_id: int) -> None:
        gone = {
            where
            for where, row in self.rows.items()
            if row.answer is not None and (where[0] == f"user {user_id}" or row.subject_id == user_id)
        }
        self.rows = {where: row for where, row in self.rows.items() if where not in gone}
