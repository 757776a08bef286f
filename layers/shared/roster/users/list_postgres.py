"""Lists of users in PostgreSQL: which statement finds a page with the least reading."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

from roster.auth.caller import Role
from roster.users import list_statements as statements
from roster.users.listing import Listing, Place, Slice
from roster.users.models import Status, User

if TYPE_CHECKING:
    from roster.infrastructure.database import Database

# Up to so many are read and sorted. With more, a walk in the order of the list meets some soon, unless they stand
# together in it, and all others before them: then reading that many is less.
_FEW = 1_500
_FEW_NEIGHBOURS = 50_000
_NEIGHBOURS = {("q", "name"), ("time", "id")}


def page(database: "Database", listing: Listing) -> Slice:
    values = _values(listing)
    rows = database.fetch_all(_statement(database, listing, values), values)
    users = [User(*row[:-1]) for row in rows[: listing.limit]]
    if len(rows) <= listing.limit:
        return Slice(users, None)
    return Slice(users, Place(rows[listing.limit - 1][-1], users[-1].id))


def _statement(database: "Database", listing: Listing, values: Mapping[str, object]) -> str:
    if listing.filters.email is not None:
        return statements.BY_ADDRESS
    field = listing.sort.lstrip("-")
    for name in _narrowing(listing):
        cap = _FEW_NEIGHBOURS if (name, field) in _NEIGHBOURS else _FEW
        (count,) = database.fetch_one(statements.COUNT[name], {**values, "cap": cap}) or (0,)
        if count < cap:
            return statements.FEW[name][listing.sort]
    return statements.WALK[listing.sort]


def _narrowing(listing: Listing) -> Iterator[str]:
    """Yield the filters that may leave few, and that a walk in this order would not follow anyway."""
    filters = listing.filters
    if filters.q is not None:
        yield "q"
    if (filters.created_from or filters.created_to) and listing.sort.lstrip("-") != "created_at":
        yield "time"


def _values(listing: Listing) -> dict[str, Any]:
    filters, after = listing.filters, listing.after
    values = {
        **filters._asdict(),
        "roles": [filters.role] if filters.role else list(get_args(Role)),
        "statuses": [filters.status] if filters.status else list(get_args(Status)),
        "after_key": after and after.key,
        "after_id": after and after.user_id,
        "limit": listing.limit + 1,
    }
    # A place lies within the range, so one end says nothing any more; the index is entered at the place.
    if after and listing.sort.lstrip("-") == "created_at":
        values["created_to" if listing.sort.startswith("-") else "created_from"] = None
    return values
