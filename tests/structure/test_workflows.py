"""The pipeline: actions pinned by commit, no right that is not used, and one artifact for all stages."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.structure import workflows
from tests.structure.project import ROOT
from tools import deploy

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
TEXTS = {path.name: path.read_text("utf-8") for path in FILES}
PARSED: dict[str, Any] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}

PLANTED = {
    "is not pinned": ("@de0fac2e4500dabe0009e67214ff5f5447ce83dd", "@v6"),
    "does not say which version": (" # v6.0.2", ""),
    "beside code of strangers": ("workflow_call:", "workflow_call:\n  pull_request_target:"),
    "not everything is forbidden": ("permissions: {}", "permissions: read-all"),
    "may contents: write": ("contents: read", "contents: write"),
    "does not say what it may": (
        "    permissions:\n      contents: read\n      id-token: write\n      attestations: read\n",
        "",
    ),
    "into a script": ('STAGE="$STAGE"', "STAGE=${{ inputs.stage }}"),
    "leaves the token": ("persist-credentials: false", "persist-credentials: true"),
    "a stored secret": ("${{ vars.PARAMETERS }}", "${{ secrets.PARAMETERS }}"),
    "outside an environment": ("    environment: ${{ inputs.stage }}\n", ""),
    "may hang": ("    timeout-minutes: 90\n", ""),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_workflow_has_no_fault(name: str) -> None:
    assert workflows.faults(TEXTS[name], PARSED[name]) == []


@pytest.mark.parametrize("said", PLANTED)
def test_a_planted_fault_is_found(said: str) -> None:
    before, after = PLANTED[said]
    text = TEXTS["deploy-stage.yml"].replace(before, after)
    assert text != TEXTS["deploy-stage.yml"]
    assert any(said in each for each in workflows.faults(text, yaml.safe_load(text)))


def test_code_that_runs_where_it_can_sign_is_found() -> None:
    text = TEXTS["deploy.yml"].replace(
        "    steps:\n      - uses: actions/download", "    steps:\n      - run: x\n      - uses: actions/download"
    )
    assert any("can sign" in each for each in workflows.faults(text, yaml.safe_load(text)))


def test_the_stages_follow_one_another_after_the_checks() -> None:
    jobs = PARSED["deploy.yml"]["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "check": None,
        "build": "check",
        "attest": "build",
        "dev": "attest",
        "staging": "dev",
        "prod": "staging",
    }
    stages = [job["with"]["stage"] for job in jobs.values() if "with" in job]
    assert stages == list(deploy.stages()) == ["dev", "staging", "prod"]


def test_a_stage_is_an_environment_and_deploys_what_was_attested() -> None:
    job = PARSED["deploy-stage.yml"]["jobs"]["deploy"]
    assert job["environment"] == "${{ inputs.stage }}"
    runs = [step.get("run", step.get("uses", "").partition("@")[0]) for step in job["steps"]]
    verified = next(at for at, run in enumerate(runs) if run.startswith("gh attestation verify"))
    unpacked = next(at for at, run in enumerate(runs) if "tar -xzf" in run)
    assert verified < unpacked < runs.index("aws-actions/configure-aws-credentials")
    assert not any("make build" in run or "make deploy " in run for run in runs)


def test_nothing_is_deployed_twice_at_once_nor_cut_off() -> None:
    assert PARSED["deploy.yml"]["concurrency"] == {"group": "deploy", "cancel-in-progress": False}


def test_a_pull_request_gets_what_ci_runs() -> None:
    assert True in PARSED["check.yml"]
    assert "pull_request" in PARSED["check.yml"][True]
    assert ".ci/run" in {step.get("run") for step in PARSED["check.yml"]["jobs"]["check"]["steps"]}


@pytest.fixture(scope="module")
def zizmor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the linter of workflows as locked, into a folder that goes away."""
    uv, target = ROOT / ".tools" / "uv" / "bin" / "uv", tmp_path_factory.mktemp("zizmor")
    if not uv.exists():
        pytest.skip("uv is not installed in .tools")
    command = [str(uv), "pip", "install", "--quiet", "--target", str(target), "--require-hashes", "--only-binary"]
    command += [":all:", "--no-deps", "-r", str(Path(__file__).with_name("zizmor.txt"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and "error sending request" in done.stderr:
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, done.stderr
    return target / "bin" / "zizmor"


def found_by(zizmor: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(zizmor), "--offline", "--no-progress", "--config", str(ROOT / ".github" / "zizmor.yml"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_linter_by_others_finds_nothing(zizmor: Path) -> None:
    done = found_by(zizmor, FOLDER.parent)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_linter_would_find_something(zizmor: Path, tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    planted = TEXTS["deploy-stage.yml"].replace('STAGE="$STAGE"', "STAGE=${{ inputs.stage }}")
    (folder / "planted.yml").write_text(planted, "utf-8")
    done = found_by(zizmor, tmp_path)
    assert done.returncode != 0
    assert "template-injection" in done.stdout
