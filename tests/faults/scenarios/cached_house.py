"""One environment on a Redis of its own, to be broken: who reads and writes in it, and what becomes of that."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import quantiles
from typing import Any

import pytest
import redis
from argon2 import PasswordHasher
from roster.auth import passwords
from roster.auth.caller import Caller
from roster.wiring import stores

from local.redis import RedisServer
from tests import cache_user, environment
from tests.builders import a_context, an_event
from tests.contracts.house import House
from tests.functions import handler_of
from tests.handlers import world
from tests.servers import Servers, redis_server


class CachedHouse(House):
    """As `House`; *redis* is the server's own, and *look_into* an admin's connection to it."""

    def __init__(self, server: RedisServer, look_into: redis.Redis) -> None:
        super().__init__()
        self.redis, self.look_into = server, look_into
        self.failures: list[dict[str, Any]] = []

    def ask(self, stem: str, method: str, path: str, caller: Caller | None, body: object = None) -> dict[str, Any]:
        """Return what was answered, and remember it if that is no success."""
        answer = handler_of(stem)(an_event(method, path, caller, body), a_context())
        if answer["statusCode"] >= 300:
            self.failures.append(answer)
        return answer

    def read(self, caller: Caller) -> dict[str, Any]:
        """Return the caller as the API shows them."""
        answer = self.ask("get_user", "GET", "/api/users/me", caller)
        return json.loads(answer["body"]) if answer["statusCode"] == 200 else {}

    def rename(self, caller: Caller, name: str) -> bool:
        """Return whether the new name was acknowledged."""
        return bool(self.ask("change_user", "PATCH", "/api/users/me", caller, {"name": name})["statusCode"] == 200)

    def everything(self, number: int) -> None:
        """Ask for one of each kind of thing, among them what writes."""
        ada, path = self.ada, f"/api/users/{self.ada.user_id}"
        new = {"email": f"new-{number}@example.com", "name": "New", "password": "a lighthouse at noon"}
        order = {"currency": "EUR", "items": [{"sku": "LAMP-7", "quantity": 1, "unit_price": 5}]}
        self.ask("get_user", "HEAD", path, ada)
        self.ask("list_users", "GET", "/api/users", self.admin)
        self.ask("list_user_sessions", "GET", f"{path}/sessions", ada)
        self.ask("create_order", "POST", f"{path}/orders", ada, order)
        self.ask("create_user", "POST", "/api/users", None, new)
        self.ask("log_in", "POST", "/api/auth/login", None, {"email": new["email"], "password": new["password"]})

    def seconds_of(self, count: int) -> list[float]:
        """Return how long each of so many reads took."""
        taken = []
        for _ in range(count):
            started = time.perf_counter()
            self.read(self.ada)
            taken.append(time.perf_counter() - started)
        return taken

    def values(self) -> list[bytes]:
        """Return the keys of all that is remembered."""
        return list(self.look_into.scan_iter("*:v"))


def milliseconds_p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[98] * 1000


@contextmanager
def cached_house(servers: Servers, monkeypatch: pytest.MonkeyPatch, **variables: str) -> Iterator[CachedHouse]:
    """Open a house whose leases last a second; *variables* are more of its environment."""
    environment.set_up(monkeypatch)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with redis_server() as server, redis.Redis.from_url(server.url) as look_into:
        defaults: Mapping[str, str] = {
            "DATABASE_URL": servers.postgres(18).emptied(),
            "REDIS_URL": cache_user.with_rights(server.url, cache_user.granted()),
            "CACHE_LEASE_SECONDS": "1",
            "RATE_LIMITS_PERCENT": "100000",
        }
        for name, value in {**defaults, **variables}.items():
            monkeypatch.setenv(name, value)
        world.forget()
        try:
            yield CachedHouse(server, look_into)
        finally:
            stores.close()
            world.forget()
