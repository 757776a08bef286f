"""Cached users behind the fence in memory, over fake users."""

import json
from typing import Any

from roster.users import entries
from roster.users.cached import CachedUsers
from roster.users.fenced import FencedUsers
from roster.users.repository import Users

from tests.builders import a_new_user
from tests.fakes import FakeUsers
from tests.unit.test_fenced_reads import Fence


class Stack:
    """*user* is one of the *users*, who are looked for in Redis, behind the *fence*, and then *behind* it."""

    def __init__(self) -> None:
        self.behind, self.fence = FakeUsers(), Fence()
        self.users, self.elsewhere = (self._seen_from(each.cache) for each in (self.fence.here, self.fence.there))
        self.user = self.users.add(a_new_user())

    def _seen_from(self, fence: Any) -> Users:
        return FencedUsers(CachedUsers(self.behind, fence), fence)

    def look_ups(self) -> int:
        return self.behind.tables.calls.count("users.find")

    def kept(self, user_id: int = 1) -> bytes | None:
        """Return what Redis holds of the user."""
        return self.fence.redis.values.get(self._place(user_id), (None,))[0]

    def put(self, entry: bytes, user_id: int = 1) -> None:
        """Write an entry behind everyone's back."""
        self.fence.redis.values[self._place(user_id)] = (entry, self.fence.clock.seconds + 60)

    def entry(self) -> list[Any]:
        """Return what a good entry of the user holds."""
        self.users.find(self.user.id)
        values: list[Any] = json.loads(self.kept() or b"")
        return values

    def _place(self, user_id: int) -> str:
        return f"{entries.key_of(user_id)}:{self.fence.rows.row.epoch}:v"
