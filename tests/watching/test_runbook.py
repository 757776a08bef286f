"""The runbook: a page for each alarm, an alarm for each page, and the same parts on each."""

import re
from pathlib import Path

import pytest

from tests.structure import project
from tests.structure.project import ROOT

RUNBOOK = ROOT / "docs" / "runbook"
PAGES = sorted(path for path in RUNBOOK.glob("*.md") if path.name != "README.md")
PARTS = ["**What users see.**", "**First look.**", "**What to do.**", "**What not to do.**", "**It is over when:**"]


def named_by_alarms() -> list[str]:
    resources = project.template()["Resources"].values()
    alarms = [each["Properties"] for each in resources if each["Type"] == "AWS::CloudWatch::Alarm"]
    return [alarm["AlarmDescription"].rpartition("docs/runbook/")[2].removesuffix(".md") for alarm in alarms]


def test_each_alarm_has_a_page_and_each_page_an_alarm_or_the_budget() -> None:
    assert sorted([*named_by_alarms(), "budget"]) == [page.stem for page in PAGES]


def test_the_index_names_every_page_once() -> None:
    linked = re.findall(r"\]\(([a-z-]+)\.md\)", (RUNBOOK / "README.md").read_text("utf-8"))
    assert sorted(linked) == [page.stem for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_a_page_has_every_part_in_order_and_leads_nowhere_that_is_not(page: Path) -> None:
    text = page.read_text("utf-8")
    places = [text.find(part) for part in PARTS]
    assert -1 not in places
    assert places == sorted(places)
    assert [name for name in re.findall(r"\]\(([^)]+)\)", text) if not (RUNBOOK / name).exists()] == []


def test_there_are_pages() -> None:
    assert len(PAGES) > 30
