"""What a list of users can be asked for, and what it answers."""

from datetime import datetime
from typing import Literal, NamedTuple

from roster.auth.caller import Role
from roster.users.models import Status, User

Sort = Literal["id", "-id", "created_at", "-created_at", "name", "-name"]
"""By which field, descending with a sign; names by their folded form, and equals by id in the same direction."""


class Filters(NamedTuple):
    """
    Which users; None for any.

    *email* is canonical. Name or address begins with *q*, which is folded. *created_to* is not part of its range.
    """

    role: Role | None = None
    status: Status | None = None
    email: str | None = None
    q: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


class Place(NamedTuple):
    """Where a user stands in an order: the value that it is by, and the id."""

    key: int | str | datetime
    user_id: int


class Listing(NamedTuple):
    """At most *limit* users of those that fit, from the one after that place."""

    limit: int
    filters: Filters = Filters()
    sort: Sort = "id"
    after: Place | None = None


class Slice(NamedTuple):
    """A part of a list; *last* is the place of its last user, None at the end of the list."""

    users: list[User]
    last: Place | None
