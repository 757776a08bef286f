"""Lists of users in memory: all of them, filtered, sorted and cut."""

from datetime import datetime

from roster.auth.folding import folded_name
from roster.users.listing import Filters, Listing, Place, Slice, Sort

from tests.fake_tables import Row


def page(rows: list[Row], listing: Listing) -> Slice:
    found = everyone(rows, listing.filters, listing.sort)
    if listing.after is not None:
        is_down = listing.sort.startswith("-")
        found = [row for row in found if _is_after(place_of(row, listing.sort), listing.after, is_down=is_down)]
    shown = found[: listing.limit]
    last = place_of(shown[-1], listing.sort) if len(found) > listing.limit else None
    return Slice([row.user for row in shown], last)


def everyone(rows: list[Row], filters: Filters, sort: Sort) -> list[Row]:
    """Return all who fit, in their order."""
    fitting = [row for row in rows if _fits(row, filters)]
    return sorted(fitting, key=lambda row: place_of(row, sort), reverse=sort.startswith("-"))


def place_of(row: Row, sort: Sort) -> Place:
    user = row.user
    keys: dict[str, int | str | datetime] = {
        "id": user.id,
        "created_at": user.created_at,
        "name": folded_name(user.name),
    }
    return Place(keys[sort.lstrip("-")], user.id)


def _is_after(place: Place, other: Place, *, is_down: bool) -> bool:
    return place < other if is_down else place > other


def _fits(row: Row, filters: Filters) -> bool:
    user = row.user
    return (
        filters.role in (None, user.role)
        and filters.status in (None, user.status)
        and filters.email in (None, row.canonical)
        and (filters.q is None or any(text.startswith(filters.q) for text in (folded_name(user.name), row.canonical)))
        and (filters.created_from is None or user.created_at >= filters.created_from)
        and (filters.created_to is None or user.created_at < filters.created_to)
    )
