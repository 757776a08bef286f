"""What the code writes under traffic, made once for all."""

import io
from contextlib import redirect_stdout
from typing import Any

import pytest

from tests import environment
from tests.handlers import world as worlds
from tests.handlers.world import World
from tests.template.deployed import Deployed
from tests.watching import traffic
from tools import translated


@pytest.fixture(scope="session")
def lines() -> list[dict[str, Any]]:
    """Return every line of the log."""
    output = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output):
        assert list(traffic.everything(lambda: World(patch), patch))
    worlds.forget()
    return environment.lines_of(output.getvalue())


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    return translated.translate(translated.source())


@pytest.fixture(scope="session")
def prod(template: dict[str, Any]) -> Deployed:
    return Deployed(template, "prod")
