"""What the cache holds of a user, or of an id that is nobody's; none of it is believed before it was checked."""

import json
from datetime import datetime
from typing import Any, NamedTuple, get_args

from roster.auth.caller import Role
from roster.users.models import Status, User

# Part of every entry: raise it when the shape of User changes, and entries of other releases are misses.
_SCHEMA = 2
_ROLES, _STATUSES = get_args(Role), get_args(Status)
_TYPES = (int, str, str, str, str, bool, datetime, datetime, int)


class Entry(NamedTuple):
    """*user* is None where nobody has the id, or not any more."""

    user: User | None


def key_of(user_id: int) -> str:
    return f"{{user:{user_id}}}:row"


def encoded(user_id: int, user: User | None) -> bytes:
    values = [user_id, None] if user is None else _values(user)
    return json.dumps([_SCHEMA, *values], default=datetime.isoformat, separators=(",", ":")).encode()


def decoded(entry: bytes, user_id: int) -> Entry | None:
    """Return what is remembered of that user; None if anything about the entry is odd."""
    try:
        schema, owner, *values = json.loads(entry)
        is_ours = [type(schema), type(owner), schema, owner] == [int, int, _SCHEMA, user_id]
        user = None if values == [None] else _user(owner, *values)
    except (ValueError, TypeError, RecursionError):
        return None
    return Entry(user) if is_ours and (user is None or _is_sound(user)) else None


def _user(*values: Any) -> User:
    times = [datetime.fromisoformat(text) for text in values[-3:-1]]
    return User(*values[:-3], *times, *values[-1:])


def _values(user: User) -> list[object]:
    """Return the fields' values; dataclasses.astuple would copy each one."""
    return [getattr(user, name) for name in User.__slots__]


def _is_sound(user: User) -> bool:
    """Return whether every field has its type; what Redis holds may have been written by anyone."""
    types_are_right = tuple(map(type, _values(user))) == _TYPES
    times_are_absolute = None not in (user.created_at.tzinfo, user.updated_at.tzinfo)
    return types_are_right and times_are_absolute and user.role in _ROLES and user.status in _STATUSES
