"""The port to the audit trail. It is read only: what changes something writes its own row, in its own transaction."""

from typing import Protocol

from roster.audit.models import AuditEvent, Filters


class Trail(Protocol):
    """What happened."""

    def page(self, filters: Filters, before_id: int | None, limit: int) -> list[AuditEvent]:
        """Return at most *limit* events with ids below *before_id*, newest first: keyset pagination."""
