"""The lists that have to cost the same at every depth."""

from typing import Any

from roster.audit.models import AuditEvent, Filters
from roster.orders import models as orders
from roster.orders.models import OrderSummary
from roster.users.listing import Listing, Place
from roster.users.models import User
from roster.users.statements import COLUMNS

from benchmarks.plans.adapters import Adapters
from benchmarks.plans.depth import Deep
from benchmarks.plans.rows import Size
from benchmarks.plans.sample import HEAVIEST_ID

LIMIT = 101
"""Rows of the longest page, and the one that tells whether there is another."""

_ANY = Filters()
# Without the items, which a page by keyset sums up: so the comparison is in favour of OFFSET.
_HIS_ORDERS = f"""
    SELECT id, user_id, currency, status, 0, 0, created_at, updated_at FROM orders WHERE user_id = {HEAVIEST_ID}
    ORDER BY created_at DESC, id DESC LIMIT {LIMIT}
"""
_ALL_USERS = f"SELECT {COLUMNS} FROM users WHERE erased_at IS NULL ORDER BY id LIMIT {LIMIT}"
# Ten pages have to follow, and a hundredth of the users is erased.
_LEFT = 0.98


def lists(size: Size) -> list[Deep]:
    return [
        Deep("users by id", int(size.users * 0.99 * _LEFT), _users, User, _ALL_USERS),
        Deep("audit events", min(1_000_000, size.users * 2), _events, AuditEvent),
        Deep("orders of one user", size.orders // 10 - 2000, _orders, OrderSummary, _HIS_ORDERS),
    ]


def _users(on: Adapters, last: Any) -> list[User]:
    after = Place(last.id, last.id) if last else None
    return on.users.page(Listing(LIMIT - 1, after=after)).users


def _orders(on: Adapters, last: Any) -> list[OrderSummary]:
    after = orders.Place(last.created_at, last.id) if last else None
    return on.orders.page(HEAVIEST_ID, orders.Filters(), after, LIMIT)


def _events(on: Adapters, last: Any) -> list[AuditEvent]:
    return on.trail.page(_ANY, last.id if last else None, LIMIT)
