"""Whoever names an address, through the handlers on a real PostgreSQL: known addresses, and unknown ones."""

from typing import Any, NamedTuple

import pytest
from roster.auth import passwords
from roster.wiring import users

from tests import environment
from tests.builders import PASSWORD, a_context, a_new_user, an_event
from tests.functions import handler_of
from tests.handlers import world as worlds
from tests.unit.counting_hasher import CHEAP

ACCOUNTS = 200


class Question(NamedTuple):
    """
    A request about an address: the function, its route, the body but for the address, the answer's status.

    *pairs_in_full* are compared in a full run.
    """

    stem: str
    path: str
    fields: dict[str, str]
    status: int
    pairs_in_full: int = 20_000


LOGIN = Question("log_in", "/api/auth/login", {"password": "not the password"}, 401, 100_000)
RESET = Question("request_password_reset", "/api/auth/password-reset", {}, 202)
REGISTRATION = Question("create_user", "/api/users", {"name": "Somebody", "password": PASSWORD}, 202)


def known(number: int) -> str:
    """Return the address of an account."""
    return f"user-{2 * (number % ACCOUNTS):03}@roster.test"


def unknown(number: int) -> str:
    """Return an address that nobody has; in the alphabet they lie between the others, as they do in life."""
    return f"user-{2 * (number % ACCOUNTS) + 1:03}@roster.test"


class Desk:
    """
    Some accounts, and as many addresses that nobody has; registrations wait for the address to be verified.

    With *cheap* a hash costs next to nothing, so that what else is done comes to light.
    """

    def __init__(self, database_url: str, patch: pytest.MonkeyPatch, question: Question, *, cheap: bool) -> None:
        self.question = question
        environment.set_up(patch)
        patch.setenv("DATABASE_URL", database_url)
        patch.setenv("REGISTRATION", "verified")
        if cheap:
            patch.setattr(passwords, "_HASHER", CHEAP)
        worlds.forget()
        password_hash = passwords.hashed(PASSWORD)
        for number in range(ACCOUNTS):
            users.repository().add(a_new_user(known(number), password_hash=password_hash))

    def ask_known(self, number: int) -> None:
        self._ask(known(number), number)

    def ask_unknown(self, number: int) -> None:
        self._ask(unknown(number), number)

    def _ask(self, email: str, number: int) -> None:
        response = handler_of(self.question.stem)(_event(self.question, email, number), a_context())
        assert response["statusCode"] == self.question.status, response["body"]


def _event(question: Question, email: str, number: int) -> dict[str, Any]:
    """Return a request from a source of its own, so that no limit but the account's is met."""
    event = an_event("POST", question.path, body=question.fields | {"email": email})
    event["requestContext"]["identity"]["sourceIp"] = f"2001:db8:{number >> 16 & 0xFFFF:x}:{number & 0xFFFF:x}::1"
    return event
