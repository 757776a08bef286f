"""What is in the repository, and what must not be."""

import shutil
import subprocess

import pytest

from tests.structure.project import ROOT

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="this is not a clone of the repository"
)
LOCAL_DATA = (
    ".local/running.json",
    ".venv/pyvenv.cfg",
    ".tools/uv/pyvenv.cfg",
    ".aws-sam/build.toml",
    "local/__pycache__/x.pyc",
)


def git(*command: str) -> str:
    return subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_nothing_is_tracked_that_git_is_told_to_ignore() -> None:
    assert git("ls-files", "--cached", "--ignored", "--exclude-standard").split() == []


@pytest.mark.parametrize("name", LOCAL_DATA)
def test_local_data_and_tools_are_ignored(name: str) -> None:
    assert git("check-ignore", name).strip() == name


def test_no_private_key_is_tracked() -> None:
    assert (
        git("grep", "--cached", "-lE", 'BEGIN ([A-Z]+ )?PRIVATE KEY|"d": ?"[A-Za-z0-9_-]{40,}"', "--", ".").split()
        == []
    )
