"""One server for all tests of this folder; each test has a world of its own behind it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.handlers import world as worlds
from tests.handlers.world import World
from tests.protocol.serving import serving


@pytest.fixture(scope="session")
def wire() -> Iterator[httpx.Client]:
    """Talk to the local gateway over a socket."""
    with serving() as client:
        yield client


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(monkeypatch)
    yield world
    worlds.forget()
