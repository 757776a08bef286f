"""What every test of a handler gets: the layer on fakes."""

from collections.abc import Iterator

import pytest

from tests.handlers import world as worlds
from tests.handlers.world import World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give the test a world of its own, with Ada in it."""
    yield World(monkeypatch)
    worlds.forget()
