"""Every function is imported with what `make start` installs; what cannot be is told, unless it is for AWS alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.functions import load_functions
from tests.local.tiny import ECHO, Tiny
from tests.structure.project import ROOT

NEEDS_THE_SDK = "import boto3\n\nhandler = boto3.client\n"
# Development brings these, the local server does not.
_LOAD_WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(("boto3", "botocore", "moto", "pytest", "hypothesis", "httpx", "samcli")))
from pathlib import Path
from local.functions import load_functions
from local.template import read_project
print(load_functions(read_project(Path.cwd(), {})).failures)
"""


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    monkeypatch.setitem(sys.modules, "boto3", None)
    return Tiny(tmp_path).function("Echo", ECHO, "GET /echo")


def test_no_function_lacks_anything_that_the_local_server_does_not_bring() -> None:
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _LOAD_WITHOUT]
    told = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True).stdout
    assert told == "{}\n"


def test_a_function_without_a_route_may_need_the_sdk_of_lambdas_runtime(tiny: Tiny) -> None:
    project = tiny.function("Deploy", NEEDS_THE_SDK).project()
    assert load_functions(project).failures == {}


@pytest.mark.parametrize(
    ("code", "routes"), [(NEEDS_THE_SDK, ["GET /deploy"]), ("import nothing_of_that_name\n", []), ("1 / 0\n", [])]
)
def test_what_else_cannot_be_imported_is_told(code: str, routes: list[str], tiny: Tiny) -> None:
    project = tiny.function("Broken", code, *routes).project()
    assert list(load_functions(project).failures) == ["Broken"]
