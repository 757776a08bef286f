"""The real `sam local` reads the template as API Gateway would: the same routes, guarded by the same authorizer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure import project

pytestmark = pytest.mark.slow

_EVERY = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


@pytest.fixture(scope="module")
def served() -> dict[str, tuple[str, str | None]]:
    """Return function and authorizer of each of SAM's routes by `METHOD /path`."""
    script = Path(__file__).with_name("sam_routes.py")
    done = subprocess.run(
        [sys.executable, str(script), str(project.ROOT / "template.yaml")],
        env={**os.environ, "AWS_DEFAULT_REGION": "eu-central-1", "SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    routes = json.loads(done.stdout)
    return {label: tuple(each) for label, each in routes.items() if not label.startswith("OPTIONS ")}


def of_template() -> dict[str, project.Route]:
    return {
        f"{method} {route.path}": route
        for route in project.routes()
        for method in (_EVERY if route.method == "ANY" else (route.method,))
    }


def test_it_serves_every_route_by_its_function(served: dict[str, tuple[str, str | None]]) -> None:
    expected = {label: route.function for label, route in of_template().items()}
    assert {label: function for label, (function, _) in served.items()} == expected


def test_it_asks_our_authorizer_wherever_api_gateway_does(served: dict[str, tuple[str, str | None]]) -> None:
    guarded = {label: authorizer for label, (_, authorizer) in served.items() if authorizer}
    assert guarded.keys() == {label for label, route in of_template().items() if route.authorizer is None}
    assert set(guarded.values()) == {"AuthorizeRequestFunction"}
