"""The Makefile: every command is listed by `make help`."""

import re
import shutil
import subprocess

import pytest

from tests.structure.project import ROOT

_RULE = re.compile(r"^([a-z][a-z-]*):(?!=)[^#\n]*(?:## (.+))?$", re.MULTILINE)
TARGETS: dict[str, str] = dict(_RULE.findall((ROOT / "Makefile").read_text("utf-8")))


@pytest.mark.parametrize("target", TARGETS)
def test_a_command_says_what_it_does(target: str) -> None:
    assert TARGETS[target], f"`make {target}` has no `## …`"


def test_the_two_commands_of_the_readme_are_there() -> None:
    assert set(TARGETS) >= {"help", "start", "test", "check", "reset", "invoke"}


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_help_lists_every_command() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"^  make ([a-z-]+) +\S", done.stdout, re.MULTILINE) == list(TARGETS)
