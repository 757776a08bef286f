"""Lists of users: each order, with filters that leave many and filters that leave few, at the beginning and deep."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import get_args

from roster.users.listing import Filters, Listing, Place, Sort

from benchmarks.plans import sample
from benchmarks.plans.adapters import Adapters
from benchmarks.plans.sample import ORDINARY_ID

_Case = Callable[[Adapters], object]
_LIMIT = 100
_A_DAY, _A_YEAR = datetime(2024, 11, 22, tzinfo=UTC), timedelta(days=365)
_DEEP: Mapping[str, int | str | datetime] = {"id": ORDINARY_ID, "created_at": _A_DAY, "name": "grace"}

# Along the order of the list.
_WALKED: Mapping[str, Filters] = {
    "everybody": Filters(),
    "the disabled": Filters(status="disabled"),
    "admins": Filters(role="admin"),
}
# Names of a twelfth begin so; of those that are sorted by name, few enough are read to be sorted.
_MANY = {"names that are frequent": Filters(q="ada")}
_FEW: Mapping[str, Filters] = {
    "some addresses": Filters(q="user1234"),
    "nobody": Filters(q="zzz"),
    "who came on one day": Filters(created_from=_A_DAY, created_to=_A_DAY + timedelta(days=1)),
    "some addresses of one year": Filters(q="user1234", created_from=_A_DAY, created_to=_A_DAY + _A_YEAR),
}
# The order of the list is that of the time, or has nothing to do with it.
_LONG_AGO = {"who came in one year": Filters(created_from=_A_DAY, created_to=_A_DAY + _A_YEAR)}


def _page(filters: Filters, sort: Sort, after: Place | None = None) -> _Case:
    return lambda on: on.users.page(Listing(_LIMIT, filters, sort, after))


def _of(filters: Mapping[str, Filters], *fields: str) -> Iterator[tuple[str, _Case]]:
    for sort in get_args(Sort):
        field = sort.lstrip("-")
        if field in fields:
            for words, each in filters.items():
                yield f"{words} by {sort}", _page(each, sort)
                yield f"{words} by {sort}, deep", _page(each, sort, Place(_DEEP[field], ORDINARY_ID))


CASES: dict[str, _Case] = {
    "a user by their address": _page(Filters(email=sample.email(ORDINARY_ID)), "id"),
    "an address that nobody has": _page(Filters(email="zoe@example.com"), "-name"),
    **dict(_of(_WALKED, "id", "created_at", "name")),
    **dict(_of(_MANY, "id", "created_at")),
    **dict(_of(_FEW, "id", "created_at", "name")),
    **dict(_of(_LONG_AGO, "created_at", "name")),
}
