"""The handlers on fakes: everything of the layer is real but PostgreSQL, Redis and the cost of a hash."""

import sys
from typing import Any

import pytest
from argon2 import PasswordHasher
from roster.auth import passwords
from roster.auth.caller import Role
from roster.auth.client import Client
from roster.errors import UnavailableError
from roster.sessions import refresh_tokens
from roster.sessions.repository import Lifetime, NewSession
from roster.users.models import User
from roster.wiring import (
    audit,
    auth,
    codes,
    fence,
    gate,
    idempotency,
    limits,
    links,
    mail,
    migrations,
    orders,
    registration,
    second_factors,
    second_steps,
    sessions,
    stores,
    users,
)
from roster.wiring.once import once

from tests import environment
from tests.builders import PASSWORD, a_caller, a_context, a_new_user, a_refresh_token, a_session_id, an_admin
from tests.fake_answers import FakeAnswers
from tests.fake_fence import FakeClock, FakeControlRows
from tests.fake_links import FakeAddressees, FakeLinks
from tests.fake_orders import FakeOrders
from tests.fake_outbox import FakeMailer, FakeOutbox, MailTables
from tests.fake_second_factors import FakeSecondFactors, FakeSecondSteps
from tests.fake_sessions import FakeSessions, FakeStandings
from tests.fake_tables import FakeTables
from tests.fake_trail import FakeTrail
from tests.fakes import FakeAccounts, FakeBuckets, FakeCache, FakeLoginFailures, FakeUsers
from tests.functions import handler_of
from tests.handlers import recorder
from tests.second_factors import Clock

ADA = a_caller(user_id=1)
STRANGER = a_caller(user_id=2)
ADMIN = an_admin()
A_RESET_TOKEN, A_VERIFICATION_TOKEN = "r" * 43, "v" * 43
A_CLIENT = Client("203.0.113.7", "pytest")
ORDER_FIELDS = {"id", "user_id", "currency", "status", "items", "total", "created_at", "updated_at"}
USER_FIELDS = {"id", "email", "name", "role", "status", "email_verified", "created_at", "updated_at"}


class GuestBook(FakeStandings):
    """Lets the stranger and the admin in too, who have no rows of their own: few tests are about theirs."""

    def find(self, user_id: int, session_id: str) -> Role | None:
        guests = {(guest.user_id, guest.session_id): guest.role for guest in (STRANGER, ADMIN)}
        found = super().find(user_id, session_id)
        return found or (None if user_id in self.tables.rows else guests.get((user_id, session_id)))


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
        self.tables, self.cache = FakeTables(), FakeCache()
        self.users, self.accounts = FakeUsers(self.tables), FakeAccounts(self.tables)
        self.sessions, self.standings = FakeSessions(self.tables), GuestBook(self.tables)
        for module in (users, registration):
            monkeypatch.setattr(module, "PostgresUsers", lambda database: self.users)
        monkeypatch.setattr(auth, "PostgresAccounts", lambda database: self.accounts)
        monkeypatch.setattr(sessions, "PostgresSessions", lambda database: self.sessions)
        monkeypatch.setattr(gate, "PostgresStandings", lambda database: self.standings)
        monkeypatch.setattr(migrations, "PostgresLoginFailures", lambda database: self.login_failures)
        monkeypatch.setattr(limits, "PostgresBuckets", lambda database: FakeBuckets(self.tables))
        monkeypatch.setattr(fence, "PostgresControlRows", lambda database: FakeControlRows(FakeClock()))
        monkeypatch.setattr(audit, "PostgresTrail", lambda database: FakeTrail(self.tables))
        monkeypatch.setattr(orders, "PostgresOrders", lambda database: FakeOrders(self.tables))
        self.mail_tables = self._mail_on_fakes(monkeypatch)
        self._reach_no_server(monkeypatch)
        self._stand_in_for_what_guards_logins(monkeypatch)
        forget()
        self.ada = self.add("ada@example.com", "Ada Lovelace")
        self.mail_tables.add_tokens(self.ada, reset_password=A_RESET_TOKEN, verify_email=A_VERIFICATION_TOKEN)

    def _reach_no_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers = FakeAnswers(self.tables)
        monkeypatch.setattr(idempotency, "PostgresAnswers", lambda database: self.answers)
        monkeypatch.setattr(stores, "cache", lambda: self.cache)
        monkeypatch.setattr(stores, "database", lambda: FakeDatabase(self.tables))

    def _mail_on_fakes(self, monkeypatch: pytest.MonkeyPatch) -> MailTables:
        mail_tables, self.mailer = MailTables(self.tables), FakeMailer()
        self.outbox, self.addressees = FakeOutbox(mail_tables), FakeAddressees(mail_tables)
        for module in (links, mail):
            monkeypatch.setattr(module, "PostgresOutbox", lambda database: self.outbox)
        for module in (mail, registration):
            monkeypatch.setattr(module, "PostgresAddressees", lambda database: self.addressees)
        monkeypatch.setattr(links, "PostgresLinks", lambda database: FakeLinks(mail_tables))
        monkeypatch.setattr(mail, "FolderMailer", lambda folder, sender, name: self.mailer)
        return mail_tables

    def _stand_in_for_what_guards_logins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.login_failures = FakeLoginFailures(self.tables)
        monkeypatch.setattr(auth, "PostgresLoginFailures", lambda database: self.login_failures)
        self.factors, self.steps, self.clock = FakeSecondFactors(self.tables), FakeSecondSteps(self.tables), Clock()
        monkeypatch.setattr(second_factors, "PostgresSecondFactors", lambda database: self.factors)
        monkeypatch.setattr(second_steps, "PostgresSecondSteps", lambda database: self.steps)
        monkeypatch.setattr(codes, "PostgresLoginFailures", lambda database: self.login_failures)
        monkeypatch.setattr(codes, "clock", self.clock)

    def add(self, email: str, name: str = "Somebody", password: str = PASSWORD) -> User:
        """Add a user who is logged in: `a_caller` with their id is let in."""
        user = self.users.add(a_new_user(email, name, password_hash=passwords.hashed(password)))
        self.log_in(user.id)
        return user

    def log_in(self, user_id: int) -> None:
        """Open the session of `a_caller` with that id, behind the handlers' backs."""
        before = list(self.tables.calls)
        session_id, token_hash = a_session_id(user_id), refresh_tokens.hashed(a_refresh_token(user_id))
        self.sessions.add(NewSession(session_id, user_id, token_hash, A_CLIENT, None), Lifetime(3600, 3600))
        self.tables.calls[:] = before

    def call(self, stem: str, event: dict[str, Any]) -> dict[str, Any]:
        """Return the answer, which is one that the OpenAPI document knows."""
        response = handler_of(stem)(event, a_context())
        recorder.observe(stem, event, response)
        return response

    def fail(self, error: Exception | None = None) -> None:
        """Let PostgreSQL be away, or fail with *error*, and the cache know nothing."""
        self.tables.fault = error or UnavailableError()
        self.cache.is_away = True


def forget() -> None:
    """Make everything anew that is made once."""
    for name in [name for name in sys.modules if name.startswith("roster.wiring.")]:
        for made in vars(sys.modules[name]).values():
            if isinstance(made, once):
                made.forget()
    passwords._hash_of_nothing.cache_clear()
