"""What every test of a handler gets: the layer on fakes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests import declared
from tests.handlers import recorder
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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was seen to whoever sums it up: this process, or the one that started several workers."""
    is_whole = not session.shouldstop and not session.shouldfail and not session.config.option.collectonly
    if is_whole and _all_are_tested(session):
        declared.note(session.config, recorder.SEEN)


def _all_are_tested(session: pytest.Session) -> bool:
    """Return whether this session has every quick test of the handlers."""
    chosen = {item.path for item in session.items}
    is_partial = any("::" in argument for argument in session.config.args)
    return set(FOLDER.glob("test_*.py")) <= chosen and not is_partial and not session.config.stash.get(_PARTIAL, False)


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
