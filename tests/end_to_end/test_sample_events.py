"""The sample events are let in by the running stack, again and again, though what they ask for ends sessions."""

import json
import os
import platform
import subprocess
import sys
from typing import Any

import pytest

from tests.end_to_end.server import ROOT, LocalServer

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="the emulator is a Linux binary")


def invoked(function: str, server: LocalServer) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "local.invoke", function],
        cwd=ROOT,
        env={**os.environ, "ROSTER_HOME": str(server.home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("function", "status"),
    [
        ("GetUserFunction", 200),
        ("EndSessionFunction", 204),
        ("ListSessionsFunction", 200),
        ("GetOrderFunction", 200),
        ("ChangeOrderFunction", 200),
    ],
)
def test_a_sample_event_is_answered_each_time(function: str, status: int, server: LocalServer) -> None:
    assert [invoked(function, server)["statusCode"] for _ in range(2)] == [status] * 2


def test_the_session_of_a_sample_event_is_of_no_use_to_anyone_else(server: LocalServer) -> None:
    answer = invoked("RefreshSessionFunction", server)
    assert (answer["statusCode"], json.loads(answer["body"])["error"]["code"]) == (401, "invalid_refresh_token")
