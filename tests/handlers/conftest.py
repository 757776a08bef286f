"""What every test of a handler gets: the layer on fakes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.handlers import world as worlds
from tests.handlers.prepared import prepare
from tests.handlers.world import World

FOLDER = Path(__file__).parent
_PARTIAL = pytest.StashKey[bool]()


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Note whether tests of handlers were left out that are neither slow nor integration tests."""
    for item in items:
        if _is_here(item) and not {"slow", "integration"} & {mark.name for mark in item.iter_markers()}:
            item.config.stash[_PARTIAL] = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask last whether everything was seen."""
    items.sort(key=lambda item: item.path.name == "test_declared_answers.py")


@pytest.fixture
def all_handlers_are_tested(request: pytest.FixtureRequest) -> bool:
    """Return whether this session has every quick test of the handlers."""
    chosen = {item.path for item in request.session.items}
    is_partial = any("::" in argument for argument in request.config.args)
    files = set(FOLDER.glob("test_*.py"))
    return files <= chosen and not is_partial and not request.config.stash.get(_PARTIAL, False)


def _is_here(item: pytest.Item) -> bool:
    return item.path.parent == FOLDER


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[World]:
    """Give the test a world of its own, with Ada in it, and what the endpoint needs that it is about, if any."""
    world = World(monkeypatch)
    if "endpoint" in request.fixturenames:
        prepare(world, request.getfixturevalue("endpoint").stem)
    yield world
    worlds.forget()
