"""Several execution environments in one process, each with keys of its own age, on a clock that the test moves."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any

import jwt.api_jwt
import pytest
from roster.auth import tokens as signed_tokens
from roster.errors import UnavailableError
from roster.infrastructure import elapsed, secret_values, verification_keys
from roster.infrastructure.secret_values import SecretValues
from roster.wiring import discovery, grants, tokens

from tests.builders import PASSWORD, an_event
from tests.handlers.world import World
from tests.rotating import Deployment
from tests.security.doors import authorizer

_KEPT = (tokens._public_keys, grants._keys)


class Clock:
    """Stands in for `time`, and for `datetime` in PyJWT, wherever keys and tokens look at a clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, deployment: Deployment) -> None:
        self._deployment = deployment
        for module in (elapsed, signed_tokens, verification_keys, discovery):
            monkeypatch.setattr(module, "time", self)
        monkeypatch.setattr(jwt.api_jwt, "datetime", type("Datetime", (datetime,), {"now": self.now}))

    def time(self) -> float:
        return self._deployment.now

    monotonic = time

    def now(self, tz: tzinfo) -> datetime:
        return datetime.fromtimestamp(self.time(), tz)


class Environment:
    """The handlers as one execution environment has them; *is_away* cuts it off from Secrets Manager."""

    def __init__(self, deployment: Deployment, world: World) -> None:
        self._deployment, self._world = deployment, world
        self._values = SecretValues(self._fetch)
        self._made: list[list[Any]] = [[] for _ in _KEPT]
        self.is_away = False
        self.fetches = 0

    def log_in(self) -> dict[str, Any]:
        body = {"email": "ada@example.com", "password": PASSWORD}
        return self._granted("log_in", an_event("POST", "/api/auth/login", body=body))

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        return self._granted(
            "refresh_session", an_event("POST", "/api/auth/refresh", body={"refresh_token": refresh_token})
        )

    def lets_in(self, token: str) -> bool:
        with self._at_work():
            return authorizer(token)

    def jwk_set(self) -> str:
        """Return what others verify with."""
        with self._at_work():
            return str(self._world.call("get_signing_keys", an_event("GET", "/.well-known/jwks.json"))["body"])

    def _granted(self, stem: str, event: dict[str, Any]) -> dict[str, Any]:
        with self._at_work():
            answer = self._world.call(stem, event)
        assert answer["statusCode"] == 200, answer
        granted: dict[str, Any] = json.loads(answer["body"])
        return granted

    def _fetch(self, arn: str) -> str:
        self.fetches += 1
        if self.is_away:
            raise UnavailableError
        return str(self._deployment.client.get_secret_value(SecretId=arn)["SecretString"])

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(secret_values, "read", self._values.read)
            for kept, made in zip(_KEPT, self._made, strict=True):
                patch.setattr(kept, "_made", made)
            yield
