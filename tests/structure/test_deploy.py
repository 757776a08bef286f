"""`make deploy`: says what is missing before it changes anything, and hands sam what the stage needs."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local import cloudformation
from tests.structure import project
from tests.structure.project import ROOT
from tools import artifact, deploy, translated

ROLE = ROOT / ".github" / "deploy-role.yaml"


def test_every_stage_of_the_template_has_its_section_and_no_other() -> None:
    sections = deploy.stages()
    assert list(sections) == project.template()["Parameters"]["Stage"]["AllowedValues"]
    for stage, section in sections.items():
        parameters = section["deploy"]["parameters"]
        assert section["global"]["parameters"]["stack_name"] == f"roster-{stage}"
        reserves = " ReservedConcurrency=on" if stage == "prod" else ""
        assert parameters["parameter_overrides"] == f"Stage={stage}{reserves}"
        assert parameters["s3_prefix"] == f"roster-{stage}"
        assert parameters["tags"] == f"project=roster stage={stage}"
        assert parameters["confirm_changeset"] is (stage != "dev")
        assert parameters.keys() == sections["dev"]["deploy"]["parameters"].keys()


@pytest.mark.parametrize("stage", ["", "production", "default", "version"])
def test_a_wrong_stage_is_answered_with_the_right_ones(stage: str) -> None:
    with pytest.raises(SystemExit, match="make deploy STAGE=…, one of dev, staging, prod"):
        deploy.settings_of(stage)


def test_without_credentials_it_says_how_to_get_some(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match=r"(?s)no AWS credentials.*aws sso login"):
        deploy.account("eu-central-1")


def test_sam_is_told_stage_processor_and_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCH", "x86_64")
    monkeypatch.setenv("EXECUTION_ROLE", "arn:aws:iam::123456789012:role/roster-prod-cloudformation")
    told = deploy.command(
        "prod", "Registration=closed AppUrl=https://app.example.com ProductName='Our App'", asks=False
    )
    assert told[1:4] == ["deploy", "--config-env", "prod"]
    assert {
        "Stage=prod",
        "Architecture=x86_64",
        "Registration=closed",
        "AppUrl=https://app.example.com",
        "ProductName=Our App",
    } < set(told)
    assert "ReservedConcurrency=on" in told
    assert any(re.fullmatch(r"Release=([0-9a-f]{12}|no-commit)-\d{8}T\d{6}Z", each) for each in told)
    assert told[-3:] == [
        "--role-arn",
        "arn:aws:iam::123456789012:role/roster-prod-cloudformation",
        "--no-confirm-changeset",
    ]
    assert "--no-confirm-changeset" not in deploy.command("prod", "", asks=True)


@pytest.fixture
def api() -> Iterator[tuple[str, list[int]]]:
    """Serve an API whose health is the list's first status, and then the next one."""
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
            self.end_headers()
            self.wfile.write(json.dumps({"path": self.path}).encode())

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/dev", statuses
    server.shutdown()
    server.server_close()


def test_it_waits_until_the_api_is_well(
    api: tuple[str, list[int]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deploy, "time", SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: None))
    url, statuses = api
    statuses += [503, 503, 200]
    deploy.health(url)
    assert "/dev/api/health: 200" in capsys.readouterr().out


def test_an_api_that_stays_unwell_fails_the_deployment(
    api: tuple[str, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deploy, "HEALTHY_WITHIN_SECONDS", 0.3)
    monkeypatch.setattr(deploy, "time", SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: None))
    url, statuses = api
    statuses += [503]
    with pytest.raises(SystemExit, match="not well: 503"):
        deploy.health(url)


def test_the_address_comes_from_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"ApiUrl": {"Value": "https://api.example.com/"}, "Other": {"Value": "x"}},
    }
    with mock_aws():
        client = boto3.client("cloudformation", region_name="eu-central-1")
        client.create_stack(StackName="roster-dev", TemplateBody=json.dumps(template))
        assert deploy.api_url("roster-dev", "eu-central-1") == "https://api.example.com"
        assert deploy.account("eu-central-1").startswith("arn:aws:sts::123456789012:")


def test_the_list_of_contents_names_all_that_ships(tmp_path: Path) -> None:
    uv = ROOT / ".tools" / "uv" / "bin" / "uv"
    if not uv.exists():
        pytest.skip("uv is not installed in .tools")
    rule = re.search(r"^\t@\$\(UV\) (export [^\n]*cyclonedx[^\n]*) > /dev/null$", (ROOT / "Makefile").read_text(), re.M)
    assert rule is not None
    target = tmp_path / "sbom.json"
    arguments = rule[1].replace(".aws-sam/sbom.json", str(target)).split()
    environment = os.environ | {"UV_PYTHON": sys.executable}
    subprocess.run([str(uv), *arguments], cwd=ROOT, env=environment, capture_output=True, check=True)
    listed = {f"{each['name']}=={each['version']}" for each in json.loads(target.read_text())["components"]}
    required = re.findall(r"^([\w.-]+==[\w.]+)", (project.LAYER / "requirements.txt").read_text(), re.M)
    assert listed == set(required)


def test_the_artifact_depends_on_names_and_contents_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    for root in (first, second):
        for name in (
            ".aws-sam/build/template.yaml",
            "functions/get_user/app.py",
            "functions/get_user/__pycache__/a.pyc",
        ):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(name)
    (second / "functions/get_user/app.py").chmod(0o600)
    (second / "functions/get_user/__pycache__/a.pyc").write_text("other")
    assert artifact.packed(first) == artifact.packed(second)
    (second / "functions/get_user/app.py").write_text("other")
    assert artifact.packed(first) != artifact.packed(second)


@pytest.mark.slow
def test_the_roles_of_the_pipeline_are_valid() -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--region", "eu-central-1", "--template", str(ROLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def actions_of(role: str) -> set[str]:
    policies = cloudformation.load(ROLE)["Resources"][role]["Properties"]["Policies"]
    statements = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
    allowed = [each["Action"] for each in statements if each["Effect"] == "Allow"]
    return {action for each in allowed for action in ([each] if isinstance(each, str) else each)}


@pytest.mark.slow
def test_cloudformation_may_use_every_service_of_the_template() -> None:
    kinds = {str(each["Type"]) for each in translated.translate(translated.source())["Resources"].values()}
    wanted = {kind.split("::")[1].lower() for kind in kinds if kind.startswith("AWS::")} - {"cloudformation"}
    spelled = {"certificatemanager": "acm"}
    allowed = {action.partition(":")[0] for action in actions_of("ExecutionRole")}
    assert {spelled.get(service, service) for service in wanted} - allowed == set()


def test_only_one_environment_of_one_repository_takes_the_role() -> None:
    resources = cloudformation.load(ROLE)["Resources"]
    trust = resources["DeployRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    issuer = "token.actions.githubusercontent.com"
    assert [each["Condition"] for each in trust] == [
        {
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": {"Fn::Sub": "repo:${Repository}:environment:${Stage}"},
            }
        }
    ]


def test_the_pipeline_can_change_its_stack_and_nothing_else_by_itself() -> None:
    policies = cloudformation.load(ROLE)["Resources"]["DeployRole"]["Properties"]["Policies"]
    statements = policies[0]["PolicyDocument"]["Statement"]
    everywhere = [each for each in statements if each["Resource"] == "*"]
    assert [each["Action"] for each in everywhere] == ["cloudformation:GetTemplateSummary"]
    assert not any("*" in str(each["Action"]) for each in statements)
