"""The README's first conversation, pasted into a shell as a newcomer would."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.server import ROOT, LocalServer

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="there is no bash or no curl"),
]
_SECTION = re.compile(r"^## A first conversation\n(.*?)^## ", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Whatever goes wrong ends the shell; by itself curl is content with any answer.
_STRICT = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n'


def blocks() -> list[str]:
    (section,) = _SECTION.findall((ROOT / "README.md").read_text("utf-8"))
    return _BLOCK.findall(section)


def pasted(server: LocalServer, folder: Path, *commands: str) -> "subprocess.CompletedProcess[str]":
    """Run commands in a folder where `.local` is the server's, and its address that of the README."""
    (folder / ".local").symlink_to(server.home)
    script = (_STRICT + "\n".join(commands)).replace("http://127.0.0.1:3000", server.url)
    return subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False)


def test_every_command_succeeds(server: LocalServer, tmp_path: Path) -> None:
    done = pasted(server, tmp_path, *blocks())
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"email":"ada@example.com"' in done.stdout
    assert '"name":"Ada Lovelace"' in done.stdout
    assert '"items":[' in done.stdout


def test_the_conversation_is_long_enough_to_be_one() -> None:
    assert len(blocks()) > 3
    assert "\n".join(blocks()).count("curl ") > 5


def test_a_command_that_fails_is_noticed(server: LocalServer, tmp_path: Path) -> None:
    failing = "TOKEN=$(curl -s http://127.0.0.1:3000/api/users/me | cat)\necho not reached"
    done = pasted(server, tmp_path, failing)
    assert done.returncode != 0
    assert "not reached" not in done.stdout


def test_a_request_with_a_key_that_is_pasted_is_answered_twice_and_done_once(
    server: LocalServer, tmp_path: Path
) -> None:
    done = pasted(server, tmp_path, *_BLOCK.findall((ROOT / "docs" / "idempotency.md").read_text("utf-8")))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.lower().count("idempotency-replayed: true") == 1
    one, other = re.findall(r'{"id":.*?"grace@example.com".*?}', done.stdout)
    assert one == other
