"""Calls of every method of every adapter, with what is asked of them in ordinary use and at the worst."""

from collections.abc import Callable, Mapping

from benchmarks.plans.adapters import Adapters
from benchmarks.plans.cases import (
    audit,
    idempotency,
    limits,
    mail,
    orders,
    second_factors,
    sessions,
    user_lists,
    users,
)

Case = Callable[[Adapters], object]

ALL: Mapping[str, Case] = {
    **user_lists.CASES,
    **users.CASES,
    **sessions.CASES,
    **second_factors.CASES,
    **mail.CASES,
    **audit.CASES,
    **orders.CASES,
    **limits.CASES,
    **idempotency.CASES,
}
