"""Pages of lists: which part a query asks for, and the cursor of the next one."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from roster.api.results import Page
from roster.audit.models import Action, AuditEvent, Filters
from roster.audit.models import Slice as AuditSlice
from roster.auth.caller import ID_MAX, parse_id
from roster.auth.inputs import Input, absent
from roster.users.models import User
from roster.users.service import Slice

LIMIT_MAX = 100
LIMIT_DEFAULT = 20
_CURSOR_LENGTH_MAX = 256  # the longest has 200: an id and all filters

Query = Mapping[str, object]
"""What a list was asked for besides its length and its place."""


class Cursors:
    """The cursors of one list, opaque to clients; *word* tells them from those of other lists."""

    def __init__(self, word: str) -> None:
        self._word = word

    def at(self, item_id: int | None, query: Query) -> str | None:
        """Return the cursor of what follows that item in the list that *query* asks for; None for None."""
        if item_id is None:
            return None
        return base64.urlsafe_b64encode(json.dumps({self._word: item_id, **query}).encode()).decode()

    def position(self, cursor: object, query: Query) -> int:
        """Return the id that a cursor was made of for the same *query*; each has one spelling."""
        try:
            decoded = json.loads(base64.urlsafe_b64decode(str(cursor)[:_CURSOR_LENGTH_MAX].encode("ascii")))
            item_id = decoded[self._word]
        except (ValueError, UnicodeError, binascii.Error, KeyError, TypeError):
            item_id = None
        if type(item_id) is not int or not 0 < item_id <= ID_MAX or self.at(item_id, query) != cursor:
            raise PydanticCustomError("cursor", "This cursor does not belong to this list.")
        return item_id


_OF_USERS = Cursors("after")
_OF_EVENTS = Cursors("before")


def _digits(text: object) -> object:
    """Read the number in a query string: plain digits, no signs, spaces, underscores or exponents."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 9 else text


def _id(text: object) -> object:
    return (parse_id(text) if isinstance(text, str) else None) or text


Limit = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=LIMIT_MAX)]
Id = Annotated[int, BeforeValidator(_id)]


class PageQuery(Input):
    """At most *limit* items, from where *cursor* says; its value is opaque to clients."""

    limit: Limit = LIMIT_DEFAULT
    cursor: int = 0

    @field_validator("cursor", mode="before")
    @classmethod
    def _position(cls, cursor: object) -> int:
        return _OF_USERS.position(cursor, {})


class AuditQuery(Input):
    """At most *limit* events, from where *cursor* says; only those that fit all filters."""

    limit: Limit = LIMIT_DEFAULT
    subject_id: Id = absent()
    actor_id: Id = absent()
    action: Action = absent()
    cursor: int = absent()

    @field_validator("cursor", mode="before")
    @classmethod
    def _position(cls, cursor: object, others: ValidationInfo) -> int:
        wanted = {name: others.data.get(name) for name in Filters._fields}
        return _OF_EVENTS.position(cursor, _asked_for(Filters(**wanted)))

    def filters(self) -> Filters:
        return Filters(self.subject_id, self.actor_id, self.action)


def page_of(users: Slice) -> Page[User]:
    return Page(users.users, _OF_USERS.at(users.next_after_id, {}))


def page_of_events(events: AuditSlice, filters: Filters) -> Page[AuditEvent]:
    return Page(events.events, _OF_EVENTS.at(events.next_before_id, _asked_for(filters)))


def _asked_for(filters: Filters) -> Query:
    return {name: value for name, value in filters._asdict().items() if value is not None}
