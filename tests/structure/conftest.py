"""The layer as it ships, built once for each processor."""

import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.structure.layer import Built
from tests.structure.project import ROOT
from tools.layer import bytecode

_OFFLINE = ("error sending request", "dns error", "Failed to fetch", "Connection refused")


def build(target: Path, architecture: str) -> Built:
    """Build the layer into that folder, or skip where nothing can be fetched or compiled."""
    if bytecode.python313() is None:
        pytest.skip("there is no Python 3.13 to compile the layer with")
    without = ("MAKEFLAGS", "MAKELEVEL", "ARCH", "BYTECODE")
    environment = {name: value for name, value in os.environ.items() if name not in without} | {"ARCH": architecture}
    command = ["make", "-f", "layers/shared/Makefile", "build-SharedLayer", f"ARTIFACTS_DIR={target}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode and any(sign in done.stderr for sign in _OFFLINE):
        pytest.skip("the package index cannot be reached, and uv has not cached the layer's packages")
    assert done.returncode == 0, done.stdout + done.stderr
    return Built(architecture, target / "python")


@pytest.fixture(scope="session")
def layer_for(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """Return a function that builds the layer for a processor, when it is first asked for it."""
    return cache(lambda architecture: build(tmp_path_factory.mktemp(architecture), architecture))


@pytest.fixture(params=["arm64", "x86_64"])
def built(request: pytest.FixtureRequest, layer_for: Callable[[str], Built]) -> Built:
    return layer_for(request.param)
