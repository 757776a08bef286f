"""The rules about the audit trail: admins read it, and nobody writes it by hand."""

from typing import Protocol

from roster.audit.models import Filters, Slice
from roster.audit.repository import Trail
from roster.errors import NotAllowedError


class Reader(Protocol):
    """Who asks: a caller. Everything that changes something knows the trail, so the trail knows none of it."""

    @property
    def is_admin(self) -> bool: ...


class AuditTrail:
    """Shows what happened."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    def list(self, filters: Filters, before_id: int | None, limit: int, reader: Reader) -> Slice:
        """
        Return at most *limit* events with ids below *before_id*, newest first.

        Raises:
            NotAllowedError: Unless the reader is an admin.
        """
        if not reader.is_admin:
            raise NotAllowedError
        found = self._trail.page(filters, before_id, limit + 1)
        events = found[:limit]
        return Slice(events, events[-1].id if len(found) > limit else None)
