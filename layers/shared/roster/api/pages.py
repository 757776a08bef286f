"""Pages of lists: which part a query asks for, and the cursor of the next one."""

from roster.api.cursors import Cursors, Query
from roster.api.queries import Id, PageQuery
from roster.api.results import Page
from roster.audit.models import Action, AuditEvent, Filters
from roster.audit.models import Slice as AuditSlice
from roster.auth.inputs import absent
from roster.users.models import User
from roster.users.service import Slice

_OF_USERS = Cursors("users")
_OF_EVENTS = Cursors("audit")


class UsersQuery(PageQuery):
    """Users by id."""

    def after_id(self) -> int:
        (user_id,) = _OF_USERS.position(self.cursor, {}) or (0,)
        return int(user_id)


class AuditQuery(PageQuery):
    """Events, newest first; only those that fit all filters."""

    subject_id: Id = absent()
    actor_id: Id = absent()
    action: Action = absent()

    def filters(self) -> Filters:
        return Filters(self.subject_id, self.actor_id, self.action)

    def before_id(self) -> int | None:
        position = _OF_EVENTS.position(self.cursor, _asked_for(self.filters()))
        return None if position is None else int(position[0])


def page_of(users: Slice) -> Page[User]:
    return Page(users.users, _OF_USERS.after(_place(users.next_after_id), {}))


def page_of_events(events: AuditSlice, filters: Filters) -> Page[AuditEvent]:
    return Page(events.events, _OF_EVENTS.after(_place(events.next_before_id), _asked_for(filters)))


def _place(item_id: int | None) -> tuple[int] | None:
    return None if item_id is None else (item_id,)


def _asked_for(filters: Filters) -> Query:
    return filters._asdict()
