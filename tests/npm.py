"""Projects of npm that tests run, installed as locked into a folder that goes away."""

import shutil
import subprocess
from pathlib import Path

import pytest

_OFFLINE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT")


def installed(project: Path, folder: Path) -> Path:
    """Copy the project into *folder* and install it there; skip the test where there is no npm, or no registry."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no Node with npm")
    copied = folder / "project"
    shutil.copytree(project, copied)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=copied, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode and any(sign in done.stderr for sign in _OFFLINE):
        pytest.skip("npm's registry cannot be reached")
    assert done.returncode == 0, done.stderr
    return copied
