"""What every unit test gets: settings without servers, and a log that it can read."""

import pytest

from tests import environment


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.set_up(monkeypatch)
