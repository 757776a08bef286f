"""The handlers on fakes: everything of the layer is real but PostgreSQL, Redis and the cost of a hash."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from roster.auth import passwords
from roster.errors import UnavailableError
from roster.users.models import User
from roster.wiring import audit, auth, migrations, registration, stores, tokens, users
from roster.wiring.once import once

from tests import environment
from tests.builders import PASSWORD, a_caller, a_context, a_new_user, an_admin
from tests.fake_tables import FakeTables
from tests.fake_trail import FakeTrail
from tests.fakes import FakeAccounts, FakeCache, FakeLoginFailures, FakeUsers
from tests.functions import handler_of

ADA = a_caller(user_id=1)
STRANGER = a_caller(user_id=2)
ADMIN = an_admin()
USER_FIELDS = {"id", "email", "name", "role", "status", "email_verified", "created_at", "updated_at"}


class FakeDatabase:
    """Answers the question whether PostgreSQL does."""

    def __init__(self, tables: FakeTables) -> None:
        self._tables = tables

    def answers(self) -> bool:
        self._tables.called("database.answers")
        return True


class World:
    """Ada, who is user 1, and everything that the handlers reach."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        environment.set_up(monkeypatch)
        monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        passwords._hash_of_nothing.cache_clear()
        self.tables, self.cache = FakeTables(), FakeCache()
        self.users, self.accounts = FakeUsers(self.tables), FakeAccounts(self.tables)
        self.login_failures = FakeLoginFailures(self.tables)
        monkeypatch.setattr(users, "PostgresUsers", lambda database: self.users)
        monkeypatch.setattr(auth, "PostgresAccounts", lambda database: self.accounts)
        monkeypatch.setattr(auth, "PostgresLoginFailures", lambda database: self.login_failures)
        monkeypatch.setattr(migrations, "PostgresAccounts", lambda database: self.accounts)
        monkeypatch.setattr(audit, "PostgresTrail", lambda database: FakeTrail(self.tables))
        monkeypatch.setattr(stores, "cache", lambda: self.cache)
        monkeypatch.setattr(stores, "database", lambda: FakeDatabase(self.tables))
        forget()
        self.ada = self.add("ada@example.com", "Ada Lovelace")

    def add(self, email: str, name: str = "Somebody", password: str = PASSWORD) -> User:
        return self.users.add(a_new_user(email, name, password_hash=passwords.hashed(password)))

    def call(self, stem: str, event: dict[str, Any]) -> dict[str, Any]:
        return handler_of(stem)(event, a_context())

    def fail(self, error: Exception | None = None) -> None:
        """Let PostgreSQL be away, or fail with *error*, and the cache know nothing."""
        self.tables.fault = error or UnavailableError()
        self.cache.is_away = True


def forget() -> None:
    """Make everything anew that is made once."""
    for module in (audit, auth, migrations, registration, tokens, users):
        for made in vars(module).values():
            if isinstance(made, once):
                made.forget()
    passwords._hash_of_nothing.cache_clear()
