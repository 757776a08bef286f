"""SnapStart: two environments restored from one snapshot, which had served a request, share nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.environment import SETTINGS

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
SNAPSHOT = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}

Accounts = list[dict[str, Any]]


def copies(database_url: str, redis_url: str, *options: str) -> Accounts:
    """Return what the environment said of itself before the snapshot, and each of its two copies after that."""
    environment = {**os.environ, **SETTINGS, **SNAPSHOT, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "layers" / "shared"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.restored", *options],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if "backend" in line]
    assert len(found) == 3, done.stdout + done.stderr
    return found


def shared(accounts: Accounts) -> set[str]:
    """Return what of the copies is not each one's own."""
    return {name for name in accounts[0] if len({str(each[name]) for each in accounts}) < len(accounts)}


@pytest.fixture
def database_url(servers: Any) -> Any:
    with servers.postgres(18).database() as url:
        yield url


def test_restored_environments_serve_requests_and_share_no_connection_token_or_number(
    database_url: str, redis_url: str
) -> None:
    assert shared(copies(database_url, redis_url)) == set()


def test_without_the_hooks_they_share_their_connections_and_their_random_numbers(
    database_url: str, redis_url: str
) -> None:
    """A planted fault: it shows that the test above would find it."""
    accounts = copies(database_url, redis_url, "without-hooks")
    assert shared(accounts) == {"backend", "cache_client", "random"}
