"""One warm execution environment in this process: real handlers, on the servers that the test gives it."""

import importlib
import itertools
import json
import pkgutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from roster import wiring
from roster.auth.caller import Caller
from roster.auth.client import Client
from roster.infrastructure.database import Database
from roster.sessions.postgres import PostgresSessions
from roster.sessions.repository import Lifetime, NewSession
from roster.users.postgres import PostgresUsers
from roster.wiring import stores
from roster.wiring.once import once

from tests import environment
from tests.builders import a_context, a_new_user, a_session_id, an_event
from tests.functions import handler_of

_LIFETIME = Lifetime(3600, 3600)


class Answer(NamedTuple):
    """What a request came to, in how many seconds."""

    status: int
    code: str | None
    retry_after: str | None
    seconds: float

    @property
    def is_an_honest_refusal(self) -> bool:
        return (self.status, self.code, self.retry_after) == (503, "unavailable", "1")


class Environment:
    """Asks its handlers as users who are logged in; *callers* are two of them."""

    def __init__(self, callers: list[Caller]) -> None:
        self.callers = callers
        self._names = itertools.count(1)

    def read(self, number: int = 0) -> Answer:
        return self._ask("get_user", "GET", self.callers[number])

    def write(self, number: int = 0) -> Answer:
        return self._ask("change_user", "PATCH", self.callers[number], {"name": f"Ada {next(self._names)}"})

    def log_in(self) -> Answer:
        body = {"email": "nobody@example.com", "password": "wrong wrong wrong wrong"}
        return _asked("log_in", an_event("POST", "/api/auth/login", body=body))

    def _ask(self, stem: str, method: str, caller: Caller, body: object = None) -> Answer:
        media_type = {"Content-Type": "application/merge-patch+json"}
        return _asked(stem, an_event(method, f"/api/users/{caller.user_id}", caller, body, media_type))


def _asked(stem: str, event: dict[str, object]) -> Answer:
    started = time.monotonic()
    answer = handler_of(stem)(event, a_context())
    seconds = time.monotonic() - started
    body = json.loads(answer["body"])
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    return Answer(answer["statusCode"], body.get("error", {}).get("code"), headers.get("retry-after"), seconds)


@contextmanager
def warm(patch: pytest.MonkeyPatch, database_url: str, redis_url: str = "") -> Iterator[Environment]:
    """Yield an environment that has answered before; it forgets its connections at the end."""
    environment.set_up(patch)
    patch.setenv("DATABASE_URL", database_url)
    patch.setenv("CACHE_LEASE_SECONDS", "1")
    if redis_url:
        patch.setenv("REDIS_URL", redis_url)
    start_anew()
    try:
        environment_ = Environment([_signed_up(number) for number in (1, 2)])
        assert environment_.read().status == environment_.write().status == 200
        yield environment_
    finally:
        stores.close()
        start_anew()


def start_anew() -> None:
    """Forget all that a process keeps, as if it had just begun."""
    for found in pkgutil.iter_modules(wiring.__path__, "roster.wiring."):
        for kept in vars(importlib.import_module(found.name)).values():
            if isinstance(kept, once):
                kept.forget()


def _signed_up(number: int) -> Caller:
    database: Database = stores.database()
    user = PostgresUsers(lambda: database).add(a_new_user(f"ada{number}@example.com"))
    session = NewSession(a_session_id(number), user.id, bytes([number] * 32), Client("203.0.113.7", "a browser"), None)
    assert PostgresSessions(lambda: database).add(session, _LIFETIME)
    return Caller(user.id, "user", a_session_id(number))
