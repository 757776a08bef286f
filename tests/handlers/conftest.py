"""What every test of a handler gets: the layer on fakes."""

from collections.abc import Iterator

import pytest

from tests.handlers import world as worlds
from tests.handlers.prepared import prepare
from tests.handlers.world import World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[World]:
    """Give the test a world of its own, with Ada in it, and what the endpoint needs that it is about, if any."""
    world = World(monkeypatch)
    if "endpoint" in request.fixturenames:
        prepare(world, request.getfixturevalue("endpoint").stem)
    yield world
    worlds.forget()
