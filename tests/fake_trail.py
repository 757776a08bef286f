"""The audit trail in memory: what the fakes record, and the port that reads it."""

from datetime import UTC, datetime
from typing import Any

from roster.audit.models import Action, AuditEvent, Filters
from roster.audit.repository import Trail
from roster.infrastructure import origin

from tests.fake_tables import FakeTables


class FakeTrail(Trail):
    """Implements `Trail` in memory."""

    def __init__(self, tables: FakeTables) -> None:
        self.tables = tables

    def page(self, filters: Filters, before_id: int | None, limit: int) -> list[AuditEvent]:
        with self.tables.called("trail.page"):
            wanted = {name: value for name, value in filters._asdict().items() if value is not None}
            found = [
                event
                for event in reversed(self.tables.events)
                if before_id is None or event.id < before_id
                if all(getattr(event, name) == value for name, value in wanted.items())
            ]
            return found[:limit]


def record(
    tables: FakeTables,
    action: Action,
    subject_id: int | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note what happened, as the statements of PostgreSQL do in the transaction of the change."""
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    event_id = tables.events[-1].id + 1 if tables.events else 1
    by = origin.current()
    event = AuditEvent(
        event_id, now, by.actor_id, by.session_id, by.source_ip, by.request_id, action, subject_id, before, after
    )
    tables.events.append(event)
