"""Compiles the layer for Lambda's Python 3.13, with one that is found on this machine."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

MISSING = """\
The layer's bytecode has to be made by Python 3.13, as Lambda runs it, and there is none here. Do one of these:
  make build PYTHON313=/path/to/python3.13
  .tools/uv/bin/uv python install 3.13     (fetches one, beside all others)
  pyenv install 3.13"""
_UV = Path(".tools/uv/bin/uv")


def python313() -> str | None:
    """Return a Python 3.13: the one that PYTHON313 names, on the path, of pyenv or of uv."""
    return next((found for found in _candidates() if _is_313(found)), None)


def _candidates() -> Iterator[str]:
    if named := os.environ.get("PYTHON313"):
        yield named
        return
    yield "python3.13"
    versions = _output("pyenv", "versions", "--bare").split()
    for version in sorted((each for each in versions if each.startswith("3.13.")), key=_patch, reverse=True):
        yield _output("pyenv", "prefix", version) + "/bin/python3.13"
    yield _output(str(_UV), "python", "find", "3.13")


def _patch(version: str) -> int:
    number = version.rpartition(".")[2]
    return int(number) if number.isdigit() else -1


def _is_313(python: str) -> bool:
    return _output(python, "-c", "import sys; print(sys.implementation.cache_tag)") == "cpython-313"


def _output(*command: str) -> str:
    """Return what a program prints; nothing if it is not there, or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def compile_all(site: Path, python: str) -> None:
    """
    Write each module's bytecode beside it.

    It is never compared with its source (/opt is read-only, and so is its clock), and speaks of files in /opt. One
    process with a fixed hash seed makes it, since the order of a set's members is part of it.
    """
    command = [python, "-m", "compileall", "-q", "-f", "-j", "1", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(site), "-p", "/opt/python", str(site)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run(command, env=environment | {"PYTHONHASHSEED": "0"}, check=True)
