"""Schemathesis, with all its checks and phases: the document and the server say the same."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.server import ROOT, LocalServer, running

pytestmark = [pytest.mark.integration, pytest.mark.slow]

# The examples of each operation in each phase that draws them; with FULL=1 it takes many minutes.
EXAMPLES = 300 if os.environ.get("FULL") else 5
SECONDS = 3600 if os.environ.get("FULL") else 600
DOCUMENT: dict[str, Any] = json.loads((ROOT / "functions" / "get_openapi" / "openapi.json").read_text("utf-8"))
Lie = Callable[[dict[str, Any]], object]

LIES: dict[str, tuple[str, Lie, str]] = {
    "a field of another type": (
        "get_user",
        lambda document: document["components"]["schemas"]["User"]["properties"].update(name={"type": "integer"}),
        "Response violates schema",
    ),
    "a status that is not told": (
        "end_session",
        lambda document: document["paths"]["/api/auth/sessions/{session_id}"]["delete"]["responses"].pop("404"),
        "Undocumented status code",
    ),
    "a public operation that wants a token": (
        "check_health",
        lambda document: document["paths"]["/api/health"]["get"].update(security=[{"bearer": []}]),
        "API accepts requests without authentication",
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """Run a server of its own: what is left of it is of no use to other tests."""
    with running("RateLimitsPercent=0") as server:
        yield server


def asked(server: LocalServer, document: str, role: str, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", "tests/schemathesis.toml", "run"]
    command += [document, "--url", server.url, "--no-color", "--max-examples", str(EXAMPLES), *options]
    facts = {"ROSTER_RUNNING": str(server.home / "running.json"), "ROSTER_ROLE": role, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | facts, capture_output=True, text=True, timeout=SECONDS, check=False
    )


@pytest.mark.parametrize("role", ["admin", "user"])
def test_nothing_contradicts_the_document(server: LocalServer, role: str) -> None:
    done = asked(server, f"{server.url}/api/openapi.json", role)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "API Operations" in done.stdout


@pytest.mark.parametrize("lie", LIES)
def test_a_document_that_lies_is_found_out(server: LocalServer, tmp_path: Path, lie: str) -> None:
    name, tell, found = LIES[lie]
    document = copy.deepcopy(DOCUMENT)
    tell(document)
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document), "utf-8")
    done = asked(server, str(file), "user", "--include-operation-id", name, "--phases", "examples,coverage")
    assert done.returncode == 1, done.stdout + done.stderr
    assert found in done.stdout
