"""A linter by others finds nothing in the OpenAPI document, and would find what it is there for."""

import copy
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import npm
from tests.structure.project import ROOT

pytestmark = pytest.mark.slow

REDOCLY = ROOT / "tests" / "redocly"
DOCUMENT: dict[str, Any] = json.loads((ROOT / "functions" / "get_openapi" / "openapi.json").read_text("utf-8"))
Fault = Callable[[dict[str, Any]], object]

FAULTS: dict[str, Fault] = {
    "operation-operationId-unique": lambda paths: paths["/api/users"]["get"].update(operationId="log_in"),
    "operation-4xx-response": lambda paths: paths["/api/health"]["get"].update(
        responses={"200": {"description": "All is well."}}
    ),
    "no-unresolved-refs": lambda paths: paths["/api/audit"]["get"]["responses"].update({"418": {"$ref": "#/nowhere"}}),
    "path-parameters-defined": lambda paths: paths["/api/users/{user_id}"]["get"].update(parameters=[]),
    "security-defined": lambda paths: paths["/api/audit"]["get"].update(security=[{"cookie": []}]),
    "no-invalid-media-type-examples": lambda paths: paths["/api/auth/login"]["post"]["requestBody"]["content"][
        "application/json"
    ].update(example={"email": 1}),
}


@pytest.fixture(scope="module")
def linter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm.installed(REDOCLY, tmp_path_factory.mktemp("redocly"))


def findings(linter: Path, document: dict[str, Any]) -> set[str]:
    """Return the rules that the document breaks."""
    (linter / "openapi.json").write_text(json.dumps(document), "utf-8")
    program = str(linter / "node_modules" / ".bin" / "redocly")
    command = [
        program,
        "lint",
        "--config",
        "redocly.yaml",
        "--format",
        "json",
        "--max-problems",
        "1000",
        "openapi.json",
    ]
    environment = {"PATH": _path(), "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run(
        command, cwd=linter, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    problems = json.loads(done.stdout)["problems"]
    assert bool(problems) == bool(done.returncode), done.stderr
    return {problem["ruleId"] for problem in problems}


def _path() -> str:
    """Return where Node is, and what a shell needs."""
    return f"{Path(shutil.which('node') or '').parent}:/usr/bin:/bin"


def test_the_document_keeps_every_recommended_rule(linter: Path) -> None:
    assert findings(linter, DOCUMENT) == set()


def test_planted_faults_are_found(linter: Path) -> None:
    document = copy.deepcopy(DOCUMENT)
    for fault in FAULTS.values():
        fault(document["paths"])
    assert findings(linter, document) >= FAULTS.keys()
