"""Cached users over a fake cache and fake users."""

import json
from typing import Any

from roster.users.cached import CachedUsers
from roster.users.repository import Users

from tests.builders import a_new_user
from tests.fakes import FakeCache, FakeUsers


class Stack:
    """*user* is one of the *users*, who are looked for in *cache* and then *behind* it."""

    def __init__(self) -> None:
        self.behind = FakeUsers()
        self.cache = FakeCache()
        self.users: Users = CachedUsers(self.behind, self.cache)  # type: ignore[arg-type]
        self.user = self.users.add(a_new_user())

    def look_ups(self) -> int:
        return self.behind.tables.calls.count("users.find")

    def entry(self) -> list[Any]:
        """Return what a good entry of the user holds."""
        self.users.find(self.user.id)
        values: list[Any] = json.loads(self.cache.entries["user:1"])
        return values
