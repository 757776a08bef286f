"""The environment that the layer finds in tests: settings, and a log that the test can read."""

import json
import logging
import sys
from typing import Any

import pytest
from roster.infrastructure import observability

from tests import forge
from tests.sealing_keys import KEYS

SETTINGS = {
    "API_SECRET": "a-secret-of-tests-that-is-43-characters-lon",
    "APP_URL": "https://app.roster.test",
    "CORS_ORIGIN": "https://app.roster.test",
    "JWT_ISSUER": forge.ISSUER,
    "JWT_PUBLIC_KEYS": forge.KEY_PAIR.public,
    "JWT_SIGNING_KEY": forge.KEY_PAIR.private,
    "MAIL_CONFIGURATION_SET": "roster-test",
    "MAIL_FOLDER": "/nonexistent/mail",
    "MAIL_SENDER": "roster@roster.test",
    "RATE_LIMITS_PERCENT": "0",
    "SECOND_FACTOR_KEYS": KEYS,
    "POWERTOOLS_SERVICE_NAME": "roster",
    "PRODUCT_NAME": "Roster",
}
_UNSET = (
    "ACCESS_TOKEN_SECONDS",
    "AWS_ACCESS_KEY_ID",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "CACHE_LEASE_SECONDS",
    "DATABASE_AUTH",
    "DATABASE_IDLE_SECONDS",
    "DATABASE_POOL_MAX",
    "DATABASE_URL",
    "DATABASE_USER",
    "LOG_EXCEPTION_MESSAGES",
    "PASSWORD_LENGTH_MIN",
    "PASSWORD_LENGTH_MIN_WITH_SECOND_FACTOR",
    "REDIS_AUTH",
    "REDIS_NAME",
    "REDIS_URL",
    "REGISTRATION",
)


class _Stdout:
    """Writes to what is standard output at that moment; pytest changes it from one phase of a test to the next."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


def set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set every setting of the layer that needs no server, and no other; let `capsys` read the log."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(observability._Environment, "is_cold", False)
    for name in _UNSET:
        monkeypatch.delenv(name, raising=False)
    for handler in observability.logger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.stream = _Stdout()


def lines_of(output: str) -> list[dict[str, Any]]:
    """Return what was written, which has to be one JSON object a line."""
    return [json.loads(line) for line in output.split("\n") if line]
