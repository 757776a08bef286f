"""What every attack meets: the handlers on fakes with registration closed, and no network."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from roster.auth.caller import Role
from roster.sessions.repository import Standings
from roster.wiring import gate

from tests.handlers import world as worlds
from tests.handlers.world import World
from tests.security.doors import DOORS, Door


class Credulous(Standings):
    """Lets every session live, so that nothing but the verifier stands between a bad token and the handler."""

    def find(self, user_id: int, session_id: str) -> Role | None:
        return "user"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(monkeypatch)
    monkeypatch.setattr(gate, "PostgresStandings", lambda database: Credulous())
    monkeypatch.setenv("REGISTRATION", "closed")
    yield world
    worlds.forget()


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest, world: World) -> Door:
    """Return each place that looks at tokens in turn."""
    return DOORS[request.param]


@pytest.fixture
def opened_sockets(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let no socket be opened, and note who tried."""
    tried: list[Any] = []

    class NoSocket(socket.socket):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            tried.append(arguments)
            raise OSError("a socket was opened")

    monkeypatch.setattr(socket, "socket", NoSocket)
    return tried
