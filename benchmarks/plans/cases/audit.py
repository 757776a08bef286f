"""The audit trail."""

from collections.abc import Callable

from roster.audit.models import Action, Filters

from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import ADMIN_ID, HEAVIEST_ID, ORDINARY_ID

_RARE: Action = "user.erased"
_OTHER: Action = "password.changed"


def _page(filters: Filters, before_id: int | None = None) -> Callable[[Adapters], object]:
    return lambda on: on.trail.page(filters, before_id, 101)


CASES: dict[str, Callable[[Adapters], object]] = {
    "a page of events, the first": _page(Filters()),
    "a page of events, deep": _page(Filters(), 1000),
    "events of a user": _page(Filters(subject_id=ORDINARY_ID)),
    "events of a user with very many": _page(Filters(subject_id=HEAVIEST_ID)),
    "what an admin did": _page(Filters(actor_id=ADMIN_ID)),
    "what a user did": _page(Filters(actor_id=ORDINARY_ID)),
    "events of a rare kind": _page(Filters(action=_RARE)),
    "events of a frequent kind, deep": _page(Filters(action="session.opened"), 1000),
    "events of a kind and a user": _page(Filters(subject_id=ORDINARY_ID, action="session.opened")),
    "what an admin did to a user": _page(Filters(subject_id=ORDINARY_ID, actor_id=ADMIN_ID)),
    "a rare kind and a user with very many": _page(Filters(subject_id=HEAVIEST_ID, action=_RARE)),
    "a kind that never happened to a user with very many": _page(Filters(subject_id=HEAVIEST_ID, action=_OTHER)),
    "a rare kind of what an admin did": _page(Filters(actor_id=ADMIN_ID, action=_RARE)),
    "what an admin did to a user with very many": _page(Filters(subject_id=HEAVIEST_ID, actor_id=ADMIN_ID)),
    "a rare kind of that": _page(Filters(HEAVIEST_ID, ADMIN_ID, _RARE)),
}
