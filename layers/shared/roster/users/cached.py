"""Cache-aside in front of the users: one hour of life, forgotten on every write."""

import json
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, get_args

from roster.auth.caller import Role
from roster.infrastructure import observability
from roster.infrastructure.versions import Versions
from roster.users.listing import Listing, Slice
from roster.users.models import Status, User
from roster.users.repository import NewUser, NewValues, Users

if TYPE_CHECKING:
    from roster.infrastructure.cache import Cache

LIFE_SECONDS = 3600

# Part of every entry: raise it when the shape of User changes, and entries of other releases are misses.
_SCHEMA = 1
_FIELDS = tuple(field.name for field in fields(User))
_TYPES = (int, str, str, str, str, bool, datetime, datetime, int)


class CachedUsers(Users):
    """Implements `Users` by remembering what *users* found."""

    def __init__(self, users: Users, cache: "Cache") -> None:
        self._users = users
        self._cache = cache

    def find(self, user_id: int) -> User | None:
        remembered = _decoded(self._cache.get(_key(user_id)), user_id)
        observability.count("CacheHits" if remembered else "CacheMisses")
        if remembered is not None:
            return remembered
        user = self._users.find(user_id)
        if user is not None:
            self._cache.set(_key(user_id), _encoded(user), LIFE_SECONDS)
        return user

    def page(self, listing: Listing) -> Slice:
        return self._users.page(listing)

    def add(self, new: NewUser) -> User:
        return self._users.add(new)

    def change(self, user_id: int, values: NewValues, versions: Versions = None) -> User:
        try:
            return self._users.change(user_id, values, versions)
        finally:
            self._cache.delete(_key(user_id))

    def remove(self, user_id: int, versions: Versions = None) -> None:
        try:
            self._users.remove(user_id, versions)
        finally:
            self._cache.delete(_key(user_id))


def forget(cache: "Cache", user_id: int) -> None:
    """Forget a user whom somebody changed past this port."""
    cache.delete(_key(user_id))


def _key(user_id: int) -> str:
    return f"user:{user_id}"


def _encoded(user: User) -> bytes:
    return json.dumps([_SCHEMA, *_values(user)], default=datetime.isoformat).encode()


def _values(user: User) -> list[object]:
    """Return the fields' values; dataclasses.astuple would copy each one."""
    return [getattr(user, name) for name in _FIELDS]


def _decoded(entry: bytes | None, user_id: int) -> User | None:
    """Return the remembered user; anything odd about the entry makes it a miss."""
    if entry is None:
        return None
    try:
        schema, *values = json.loads(entry)
        found = dict(zip(_FIELDS, values, strict=True))
        if schema != _SCHEMA or found["id"] != user_id:
            return None
        times = {name: datetime.fromisoformat(found[name]) for name in ("created_at", "updated_at")}
        user = User(**found | times)
    except (ValueError, TypeError, RecursionError):
        return None
    return user if _is_sound(user) else None


def _is_sound(user: User) -> bool:
    """Return whether every field has its type; what Redis holds may have been written by anyone."""
    types_are_right = tuple(map(type, _values(user))) == _TYPES
    times_are_absolute = None not in (user.created_at.tzinfo, user.updated_at.tzinfo)
    return types_are_right and times_are_absolute and user.role in get_args(Role) and user.status in get_args(Status)
