"""The code of the previous release, as it was, on this release's schema: that is what runs while a deployment does."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.postgres_database import WRITER
from tests.environment import SETTINGS
from tests.servers import Postgres, as_role, execute
from tests.structure.project import ROOT

pytestmark = pytest.mark.integration

COMMIT = (ROOT / "tests" / "released" / "commit").read_text("utf-8").strip()
# What that release's template told its functions, and this one's does not.
OF_ITS_TEMPLATE = {"POWERTOOLS_METRICS_NAMESPACE": "Roster"}
DRIVER = Path(__file__).with_name("previous_code.py")
# What a migration might do in a hurry.
PLANTED = "ALTER TABLE sessions RENAME COLUMN user_agent TO program"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Take the previous release out of the history."""
    folder = tmp_path_factory.mktemp("release")
    archive = folder / "release.tar"
    command = ["git", "archive", "--output", str(archive), COMMIT, "functions", "layers/shared/roster"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"{COMMIT[:8]} is not in this clone's history: a shallow one? ({done.stderr.strip()})")
    subprocess.run(["tar", "-xf", str(archive), "-C", str(folder)], check=True)
    return folder


def converse(release: Path, database_url: str) -> dict[str, int]:
    """Return the last status of each function that was asked; what fails ends the conversation."""
    told = {**SETTINGS, **OF_ITS_TEMPLATE, "DATABASE_URL": as_role(database_url, WRITER), "PATH": os.environ["PATH"]}
    result = release / "statuses.json"
    command = [sys.executable, "-I", str(DRIVER), str(release), str(result)]
    subprocess.run(command, env=told, capture_output=True, timeout=120, check=False)
    statuses: dict[str, int] = json.loads(result.read_text("utf-8"))
    return statuses


def test_it_works_on_the_schema_of_this_release(release: Path, database_url: str) -> None:
    statuses = converse(release, database_url)
    assert {name: status for name, status in statuses.items() if not 200 <= status < 300} == {}
    assert len(statuses) == 15


def test_a_schema_that_has_left_it_behind_is_noticed(release: Path, postgres: Postgres) -> None:
    with postgres.database() as url:
        execute(url, PLANTED)
        statuses = converse(release, url)
    assert statuses["log_in"] >= 500
