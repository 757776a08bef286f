"""The lists that have to cost the same at every depth."""

from typing import Any

from roster.audit.models import AuditEvent, Filters
from roster.users.models import User

from benchmarks.plans.adapters import Adapters
from benchmarks.plans.depth import Deep
from benchmarks.plans.rows import Size

LIMIT = 101
"""Rows of the longest page, and the one that tells whether there is another."""

_ANY = Filters()
# Ten pages have to follow, and a hundredth of the users is erased.
_LEFT = 0.98


def lists(size: Size) -> list[Deep]:
    return [
        Deep("users by id", int(size.users * 0.99 * _LEFT), _users, User),
        Deep("audit events", min(1_000_000, size.users * 2), _events, AuditEvent),
    ]


def _users(on: Adapters, last: Any) -> list[User]:
    return on.users.page(last.id if last else 0, LIMIT)


def _events(on: Adapters, last: Any) -> list[AuditEvent]:
    return on.trail.page(_ANY, last.id if last else None, LIMIT)
