"""In-memory stand-ins for PostgreSQL and Redis; tests/contracts holds them to what the real ones do."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import fakeredis
import redis
from roster.auth.address import Address
from roster.auth.repository import BLOCK_SECONDS, FORGIVEN_AFTER_SECONDS, Account, Accounts, LoginFailures
from roster.infrastructure.rate_limits.memory import MemoryBuckets
from roster.infrastructure.rate_limits.models import Bucket, Verdict
from roster.infrastructure.scripts import Call
from roster.infrastructure.versions import Versions
from roster.users.listing import Listing, Slice
from roster.users.models import User
from roster.users.repository import NewUser, NewValues, Users

from tests import fake_lists
from tests import fake_trail as trail
from tests.fake_tables import FakeTables, Row, now


class FakeUsers(Users):
    """Implements `Users` in memory."""

    def __init__(self, tables: FakeTables | None = None) -> None:
        self.tables = tables or FakeTables()

    def find(self, user_id: int) -> User | None:
        with self.tables.called("users.find"):
            row = self.tables.rows.get(user_id)
            return row.user if row else None

    def page(self, listing: Listing) -> Slice:
        with self.tables.called("users.page"):
            return fake_lists.page(list(self.tables.rows.values()), listing)

    def add(self, new: NewUser) -> User:
        with self.tables.called("users.add"):
            self.tables.require_free(new.address.canonical, 0)
            self.tables.last_id += 1
            time = now()
            user = User(
                self.tables.last_id, new.address.typed, new.name, new.role, "active", False, time, time, version=1
            )
            self.tables.rows[user.id] = Row(user, new.address.canonical, new.password_hash, time)
            trail.record(self.tables, "user.registered", user.id, after=trail.facts(user))
            return user

    def change(self, user_id: int, values: NewValues, versions: Versions = None) -> User:
        with self.tables.called("users.change"):
            row = self.tables.expected(user_id, versions)
            before = row.user
            address = values.address or Address(row.user.email, row.canonical)
            self.tables.require_free(address.canonical, user_id)
            if values.role == "user" or values.status == "disabled":
                self.tables.require_another_admin(user_id)
            row.user = replace(
                row.user,
                email=address.typed,
                email_verified=row.user.email_verified and address.canonical == row.canonical,
                name=values.name or row.user.name,
                role=values.role or row.user.role,
                status=values.status or row.user.status,
                updated_at=now(),
                version=row.user.version + 1,
            )
            row.canonical = address.canonical
            trail.record_change(self.tables, before, row.user)
            if values.status == "disabled":
                trail.end_sessions(self.tables, user_id)
            return row.user

    def remove(self, user_id: int, versions: Versions = None) -> None:
        with self.tables.called("users.remove"):
            self.tables.expected(user_id, versions)
            self.tables.require_another_admin(user_id)
            del self.tables.rows[user_id]
            trail.record(self.tables, "user.erased", user_id)
            trail.end_sessions(self.tables, user_id)
            trail.forget(self.tables, user_id)
            for forget in self.tables.on_erase:
                forget(user_id)


class FakeAccounts(Accounts):
    """Implements `Accounts` in memory."""

    def __init__(self, tables: FakeTables | None = None) -> None:
        self.tables = tables or FakeTables()

    def find_by_address(self, canonical: str) -> Account | None:
        with self.tables.called("accounts.find_by_address"):
            found = [row for row in self.tables.rows.values() if row.canonical == canonical]
            return _account(found[0]) if found else None

    def find(self, user_id: int) -> Account | None:
        with self.tables.called("accounts.find"):
            row = self.tables.rows.get(user_id)
            return _account(row) if row else None

    def change_password(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        with self.tables.called("accounts.change_password"):
            is_replaced = self._replace(user_id, old_hash, new_hash)
            if is_replaced:
                row = self.tables.rows[user_id]
                row.password_changed_at = max(now(), row.password_changed_at + timedelta(milliseconds=1))
                trail.record(self.tables, "password.changed", user_id)
                trail.end_sessions(self.tables, user_id)
            return is_replaced

    def rehash(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        with self.tables.called("accounts.rehash"):
            return self._replace(user_id, old_hash, new_hash)

    def _replace(self, user_id: int, old_hash: str, new_hash: str) -> bool:
        row = self.tables.rows.get(user_id)
        if row is None or row.password_hash != old_hash:
            return False
        row.password_hash = new_hash
        return True


class FakeLoginFailures(LoginFailures):
    """Implements `LoginFailures` in memory; *age_seconds* makes all that it knows older."""

    def __init__(self, tables: FakeTables | None = None) -> None:
        self.tables = tables or FakeTables()
        self.age_seconds = 0.0
        self._kept: dict[str, tuple[int, float, float]] = {}

    def settle(self, canonical: str, *, is_right: bool) -> bool:
        with self.tables.called("login_failures.settle"):
            now = time.monotonic() + self.age_seconds
            failures, attempted_at, blocked_until = self._kept.get(canonical, (0, now, now))
            if blocked_until > now:
                return False
            remembered = max(0, failures - int((now - attempted_at) / FORGIVEN_AFTER_SECONDS))
            counted = 0 if is_right else min(remembered + 1, len(BLOCK_SECONDS))
            self._kept[canonical] = (counted, now, now + (BLOCK_SECONDS[counted - 1] if counted else 0))
            return True

    def forget(self, canonical: str) -> None:
        with self.tables.called("login_failures.forget"):
            self._kept.pop(canonical, None)


class FakeBuckets(MemoryBuckets):
    """Has the interface of `PostgresBuckets`."""

    def __init__(self, tables: FakeTables) -> None:
        super().__init__()
        self.tables = tables

    def take(self, buckets: Sequence[Bucket]) -> list[Verdict]:
        with self.tables.called("rate_limits.take"):
            return super().take(buckets)


class FakeCache:
    """
    Has the interface of `Cache`; while *is_away* it holds nothing, forgets nothing and raises nothing.

    Scripts run on *scripted*, an imitation of Redis with a Lua of its own.
    """

    def __init__(self) -> None:
        self.scripted = fakeredis.FakeRedis(server=fakeredis.FakeServer())
        self.is_away = False
        self.is_closed = False

    def run(self, *calls: Call) -> tuple[object | None, ...]:
        return tuple(None if self.is_away else self._run(call) for call in calls)

    def insist(self, *calls: Call) -> tuple[object | None, ...]:
        return self.run(*calls)

    def reconnect(self) -> None:
        """There is no connection."""

    def _run(self, call: Call) -> object | None:
        try:
            answer: object = self.scripted.execute_command(*call.in_full)  # type: ignore[no-untyped-call]
        except redis.ResponseError:
            return None
        return answer

    def ping(self) -> bool:
        return not self.is_away

    def close(self) -> None:
        self.is_closed = True


def _account(row: Row) -> Account:
    user = row.user
    return Account(
        user.id,
        user.role,
        user.status == "active",
        row.password_hash,
        row.password_changed_at,
        user.email,
        user.name,
        row.has_second_factor,
    )
