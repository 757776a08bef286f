"""What every unit test gets: settings without servers, and a log that it can read."""

from collections.abc import Iterator

import pytest

from tests import environment
from tests.unit.counting_hasher import CountingHasher, counted


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.set_up(monkeypatch)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[CountingHasher]:
    with counted(monkeypatch) as hasher:
        yield hasher
