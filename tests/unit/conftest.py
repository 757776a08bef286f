"""What every unit test gets: settings without servers, and a log that it can read."""

from collections.abc import Iterator

import pytest

from tests import environment


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    environment.set_up(monkeypatch)
    with environment.readable_log():
        yield
