"""The audit trail in memory: what the fakes record and forget, and the port that reads it."""

from dataclasses import replace

from roster.audit.models import Action, AuditEvent, Facts, Filters
from roster.audit.repository import Trail
from roster.infrastructure import origin
from roster.users.models import User

from tests.fake_tables import FakeTables, now

_FACTS = ("email", "name", "role", "status", "email_verified")


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
    tables: FakeTables, action: Action, subject_id: int | None, before: Facts | None = None, after: Facts | None = None
) -> None:
    """Note what happened, as the statements of PostgreSQL do in the transaction of the change."""
    event_id = tables.events[-1].id + 1 if tables.events else 1
    by = origin.current()
    event = AuditEvent(
        event_id, now(), by.actor_id, by.session_id, by.source_ip, by.request_id, action, subject_id, before, after
    )
    tables.events.append(event)


def record_change(tables: FakeTables, old: User, new: User) -> None:
    before = {name: value for name, value in facts(old).items() if value != getattr(new, name)}
    after = {name: getattr(new, name) for name in before}
    touches_rights = before.keys() & {"role", "status"}
    record(tables, "user.rights_changed" if touches_rights else "user.changed", new.id, before, after)


def facts(user: User) -> Facts:
    return {name: getattr(user, name) for name in _FACTS}


def end_sessions(tables: FakeTables, user_id: int) -> int:
    """Remove the sessions of a user and note each that lived; return how many those were."""
    for session_id, row in tables.sessions.items():
        if row.user_id == user_id and row.session.idle_until > now():
            record(tables, "session.ended", user_id, {"session_id": session_id})
    return tables.end_sessions(user_id)


def forget(tables: FakeTables, user_id: int) -> None:
    """Take the personal data of an erased user out of what is recorded of them."""
    tables.events[:] = [_forgotten(event, user_id) for event in tables.events]


def _forgotten(event: AuditEvent, user_id: int) -> AuditEvent:
    if event.subject_id == user_id:
        event = replace(event, before=_without_values(event.before), after=_without_values(event.after))
    is_own = event.actor_id == user_id or (event.actor_id is None and event.subject_id == user_id)
    return replace(event, source_ip=None) if is_own else event


def _without_values(found: Facts | None) -> Facts | None:
    return found and {name: None if name in ("email", "name") else value for name, value in found.items()}
