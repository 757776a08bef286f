"""A house on real servers, in which every handler runs in one environment: who lives there, and what they cost."""

import hashlib
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from redis.connection import AbstractConnection
from roster.auth import passwords
from roster.auth.caller import Caller, Role
from roster.auth.client import Client
from roster.infrastructure import settings
from roster.infrastructure.database_errors import CheckedCursor
from roster.sessions import refresh_tokens
from roster.sessions.repository import Lifetime, NewSession
from roster.wiring import sessions, stores, users

from tests import cache_user
from tests.builders import PASSWORD, a_caller, a_context, a_new_user, an_event
from tests.functions import handler_of
from tests.handlers import world
from tests.servers import Servers, execute

TOKEN = refresh_tokens.make()
_ADD_LINK = """
    INSERT INTO mailed_tokens (token_hash, kind, user_id, email_canonical, expires_at)
    VALUES (%s, 'reset_password', %s, 'ada@example.com', now() + interval '1 hour')
"""
A_CLIENT = Client("203.0.113.7", "pytest")


class House:
    """Ada and an admin, logged in; every handler runs in this one environment."""

    def __init__(self) -> None:
        self.ada, self.admin = self.add("ada@example.com", "user"), self.add("admin@example.com", "admin")
        self.add("other.admin@example.com", "admin")

    def add(self, email: str, role: Role) -> Caller:
        user = users.repository().add(a_new_user(email, role=role, password_hash=passwords.hashed(PASSWORD)))
        caller = a_caller(user.id, role)
        self.log_in(caller, refresh_tokens.hashed(TOKEN + email))
        return caller

    def log_in(self, caller: Caller, token_hash: bytes) -> None:
        new = NewSession(caller.session_id, caller.user_id, token_hash, A_CLIENT, None)
        assert sessions.repository().add(new, Lifetime(3600, 3600)) is not None

    def call(self, stem: str, method: str, path: str, caller: Caller | None, body: object = None) -> dict[str, Any]:
        return handler_of(stem)(an_event(method, path, caller, body), a_context())

    def mailed(self) -> str:
        """Return the token of a link that was sent to Ada."""
        token = secrets.token_urlsafe(32)
        execute(settings.database_url(), _ADD_LINK, hashlib.sha256(token.encode()).digest(), self.ada.user_id)
        return token

    def get(self, caller: Caller) -> int:
        status: int = self.call("get_user", "GET", f"/api/users/{caller.user_id}", caller)["statusCode"]
        return status


@pytest.fixture
def house(servers: Servers, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("DATABASE_URL", servers.postgres(18).emptied())
    monkeypatch.setenv("REDIS_URL", cache_user.with_rights(redis_url, cache_user.granted()))
    monkeypatch.setenv("CACHE_LEASE_SECONDS", "5")
    monkeypatch.setenv("RATE_LIMITS_PERCENT", "100")
    world.forget()
    yield House()
    stores.close()
    world.forget()


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return statements_from_now_on(monkeypatch)


@pytest.fixture
def round_trips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return round_trips_from_now_on(monkeypatch)


def statements_from_now_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every statement that is sent to PostgreSQL."""
    sent: list[str] = []
    whole = CheckedCursor.execute

    def noted(self: CheckedCursor, query: Any, values: Any = None) -> None:
        sent.append(" ".join(str(query).split()))
        whole(self, query, values)

    monkeypatch.setattr(CheckedCursor, "execute", noted)
    return sent


def round_trips_from_now_on(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many bytes are sent to Redis each time; whoever sends waits for an answer."""
    sent: list[int] = []
    whole = AbstractConnection.send_packed_command

    def noted(self: AbstractConnection, command: Any, check_health: bool = True) -> None:
        sent.append(sum(map(len, command)))
        whole(self, command, check_health)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(AbstractConnection, "send_packed_command", noted)
    return sent
