"""What is recorded of a change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

Action = Literal[
    "user.registered",
    "user.changed",
    "user.rights_changed",
    "user.erased",
    "email.verified",
    "password.changed",
    "password.reset",
    "session.opened",
    "session.ended",
    "session.reuse_detected",
    "second_factor.enrolled",
    "second_factor.confirmed",
    "second_factor.disabled",
    "second_factor.removed",
    "recovery_codes.renewed",
    "recovery_code.used",
    "order.created",
    "order.changed",
]

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """*subject_id* is the user it happened to; *before* and *after* hold the fields that changed."""

    id: int
    occurred_at: datetime
    actor_id: int | None
    session_id: str | None
    source_ip: str | None
    request_id: str
    action: str
    subject_id: int | None
    before: Facts | None
    after: Facts | None


class Filters(NamedTuple):
    """Which events; None for any."""

    subject_id: int | None = None
    actor_id: int | None = None
    action: Action | None = None


class Slice(NamedTuple):
    """A part of the trail; *next_before_id* is where the next part begins, None at the end."""

    events: list[AuditEvent]
    next_before_id: int | None
