"""
Asking for a link, or registering where addresses are verified, takes the same time whether the address is known or not.

Nothing is looked up, so there is no row that could be found, and nothing is let pass.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from roster.auth import passwords
from roster.mail.postgres import PostgresOutbox
from roster.wiring import users

from tests import environment
from tests.builders import PASSWORD, a_context, a_new_user, an_event
from tests.functions import handler_of
from tests.handlers import world as worlds
from tests.security.doors import silence
from tests.security.progress import IN_FULL, ticker
from tests.security.timing import Trial, pairs
from tests.servers import Servers
from tests.unit.counting_hasher import CHEAP

pytestmark = pytest.mark.integration

ACCOUNTS = 50
PAIRS = 20_000 if IN_FULL else 500
ERROR_SECONDS = 0.000_03
ROUTES = ("request_password_reset", "create_user")


class LinkDesk:
    """Asks one handler about addresses that somebody has, and about others."""

    def __init__(self, stem: str, database_url: str, patch: pytest.MonkeyPatch) -> None:
        environment.set_up(patch)
        patch.setenv("DATABASE_URL", database_url)
        patch.setenv("REGISTRATION", "verified")
        patch.setattr(passwords, "_HASHER", CHEAP)
        worlds.forget()
        self._stem = stem
        for number in range(ACCOUNTS):
            users.repository().add(a_new_user(f"known-{number:02}@roster.test"))

    def ask_known(self, number: int) -> None:
        self._ask(f"known-{number % ACCOUNTS:02}@roster.test")

    def ask_unknown(self, number: int) -> None:
        self._ask(f"other-{number % ACCOUNTS:02}@roster.test")

    def _ask(self, email: str) -> None:
        response: Any = handler_of(self._stem)(_event(self._stem, email), a_context())
        assert response["statusCode"] == 202, response["body"]


def _event(stem: str, email: str) -> dict[str, Any]:
    if stem == "create_user":
        return an_event("POST", "/api/users", body={"email": email, "name": "Ada", "password": PASSWORD})
    return an_event("POST", "/api/auth/password-reset", body={"email": email})


@contextmanager
def open_desk(servers: Servers, stem: str) -> Iterator[LinkDesk]:
    with pytest.MonkeyPatch.context() as patch, silence():
        desk = LinkDesk(stem, servers.postgres(18).emptied(), patch)
        pairs(3, desk.ask_known, desk.ask_unknown)  # the first ones load and connect
        yield desk
    worlds.forget()


@pytest.mark.parametrize("stem", ROUTES)
def test_the_times_are_even(stem: str, servers: Servers, capsys: pytest.CaptureFixture[str]) -> None:
    with open_desk(servers, stem) as desk:
        trial = Trial(desk.ask_known, desk.ask_unknown, PAIRS, ERROR_SECONDS)
        assert trial.is_even(ticker(f"pairs of requests to {stem}", PAIRS, capsys))


def test_a_second_row_for_known_addresses_is_found(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = PostgresOutbox.add_reset

    def add_reset(self: PostgresOutbox, canonical: str) -> None:
        whole(self, canonical)
        if canonical.startswith("known"):
            whole(self, canonical)

    monkeypatch.setattr(PostgresOutbox, "add_reset", add_reset)
    with open_desk(servers, "request_password_reset") as desk:
        assert not Trial(desk.ask_known, desk.ask_unknown, PAIRS, ERROR_SECONDS).round().is_even
