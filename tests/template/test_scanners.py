"""What the scanners are told to overlook, each with its reason; `make scan` runs them, as `make check` does."""

import itertools
import re
from typing import Any

import pytest

from local import cloudformation
from tests.structure.project import ROOT
from tools import scan, translated

REASON_LENGTH_MIN = 40


def test_each_check_that_is_off_for_all_has_its_reason_above_it() -> None:
    lines = (ROOT / ".checkov.yaml").read_text("utf-8").splitlines()
    skipped = [(before, line) for before, line in itertools.pairwise(lines) if re.match(r"  - CKV", line)]
    assert len(skipped) == sum("CKV" in line and line.lstrip().startswith("-") for line in lines)
    assert [line for before, line in skipped if not before.startswith("  # ") or len(before) < REASON_LENGTH_MIN] == []


def test_each_check_that_is_off_for_one_resource_has_its_reason_beside_it() -> None:
    resources = {**translated.source()["Resources"], **cloudformation.load(scan.PIPELINE)["Resources"]}
    for name, resource in resources.items():
        for skip in _skips(resource):
            assert len(skip["comment"]) >= REASON_LENGTH_MIN, f"{name} skips {skip['id']} without a reason"


def test_cfn_lint_overlooks_one_rule_whose_reason_stands_above_it() -> None:
    lines = (ROOT / "template.yaml").read_text("utf-8").splitlines()
    ((before, line),) = [pair for pair in itertools.pairwise(lines) if "ignore_checks" in pair[1]]
    assert line == "  cfn-lint: {config: {ignore_checks: [E3724]}}"
    assert before.startswith("  # ")
    assert len(before) >= REASON_LENGTH_MIN
    assert not list(ROOT.glob(".cfnlintrc*"))


def test_sam_itself_refuses_what_that_rule_would_find() -> None:
    template = translated.source()
    template["Globals"]["Function"]["AutoPublishAliasAllProperty"] = True
    with pytest.raises(Exception, match="AutoPublishAliasAllProperty"):
        translated.translate(template)


def _skips(resource: dict[str, Any]) -> list[dict[str, str]]:
    return list(resource.get("Metadata", {}).get("checkov", {}).get("skip", []))
