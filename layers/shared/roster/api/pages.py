"""Pages of lists: which part a query asks for, and the cursor of the next one."""

from functools import cached_property

from roster.api.cursors import Cursors, Query
from roster.api.queries import EndTime, Id, PageQuery, Prefix, Time
from roster.api.results import Page
from roster.audit.models import Action, AuditEvent
from roster.audit.models import Filters as AuditFilters
from roster.audit.models import Slice as AuditSlice
from roster.auth import address
from roster.auth.caller import Role
from roster.auth.folding import folded_name
from roster.auth.inputs import Email, absent
from roster.users.listing import Filters, Listing, Place, Slice, Sort
from roster.users.models import Status, User

_OF_USERS = Cursors("users")
_OF_EVENTS = Cursors("audit")


class UsersQuery(PageQuery):
    """Users in the order *sort*; only those that fit all filters."""

    role: Role = absent()
    status: Status = absent()
    email: Email = absent()
    q: Prefix = absent()
    created_from: Time = absent()
    created_to: EndTime = absent()
    sort: Sort = "id"

    def listing(self) -> Listing:
        place = _OF_USERS.position(self.cursor, self.asked_for())
        return Listing(self.limit, self.filters, self.sort, None if place is None else Place(*place))

    def asked_for(self) -> Query:
        return {**self.filters._asdict(), "sort": self.sort}

    @cached_property
    def filters(self) -> Filters:
        email = None if self.email is None else address.parse(self.email).canonical
        q = None if self.q is None else folded_name(self.q)
        return Filters(self.role, self.status, email, q, self.created_from, self.created_to)


class AuditQuery(PageQuery):
    """Events, newest first; only those that fit all filters."""

    subject_id: Id = absent()
    actor_id: Id = absent()
    action: Action = absent()

    def filters(self) -> AuditFilters:
        return AuditFilters(self.subject_id, self.actor_id, self.action)

    def before_id(self) -> int | None:
        position = _OF_EVENTS.position(self.cursor, _asked_for(self.filters()))
        return None if position is None else int(position[0])


def page_of(users: Slice, query: UsersQuery) -> Page[User]:
    return Page(users.users, _OF_USERS.after(users.last, query.asked_for()))


def page_of_events(events: AuditSlice, filters: AuditFilters) -> Page[AuditEvent]:
    return Page(events.events, _OF_EVENTS.after(_place(events.next_before_id), _asked_for(filters)))


def _place(item_id: int | None) -> tuple[int] | None:
    return None if item_id is None else (item_id,)


def _asked_for(filters: AuditFilters) -> Query:
    return filters._asdict()
