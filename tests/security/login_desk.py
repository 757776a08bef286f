"""Logins through the handler on a real PostgreSQL: known addresses with a wrong password, and unknown ones."""

from typing import Any

import pytest
from roster.auth import passwords
from roster.wiring import users

from tests import environment
from tests.builders import PASSWORD, a_context, a_new_user, an_event
from tests.functions import handler_of
from tests.handlers import world as worlds
from tests.unit.counting_hasher import CHEAP

ACCOUNTS = 200


class LoginDesk:
    """
    Some accounts, and as many addresses that nobody has.

    With *cheap* a hash costs next to nothing, so that what else is done comes to light.
    """

    def __init__(self, database_url: str, patch: pytest.MonkeyPatch, *, cheap: bool) -> None:
        environment.set_up(patch)
        patch.setenv("DATABASE_URL", database_url)
        if cheap:
            patch.setattr(passwords, "_HASHER", CHEAP)
        worlds.forget()
        password_hash = passwords.hashed(PASSWORD)
        for number in range(ACCOUNTS):
            users.repository().add(a_new_user(f"known-{number:03}@roster.test", password_hash=password_hash))

    def ask_known(self, number: int) -> None:
        self._ask(f"known-{number % ACCOUNTS:03}@roster.test", number)

    def ask_unknown(self, number: int) -> None:
        self._ask(f"other-{number % ACCOUNTS:03}@roster.test", number)

    def _ask(self, email: str, number: int) -> None:
        response = handler_of("log_in")(_event(email, number), a_context())
        assert response["statusCode"] == 401, response["body"]


def _event(email: str, number: int) -> dict[str, Any]:
    """Return an attempt from a source of its own, so that no limit but the account's is met."""
    event = an_event("POST", "/api/auth/login", body={"email": email, "password": "not the password"})
    event["requestContext"]["identity"]["sourceIp"] = f"2001:db8:{number >> 16 & 0xFFFF:x}:{number & 0xFFFF:x}::1"
    return event
