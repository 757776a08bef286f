"""SAM itself accepts the template."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.project import ROOT


@pytest.mark.slow
def test_sam_validates_and_lints_the_template() -> None:
    sam = Path(sys.executable).with_name("sam")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    command = [str(sam), "validate", "--lint"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
