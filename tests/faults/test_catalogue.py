"""No fault of the list is left out."""

import re

import pytest

from tests.faults import catalogue, client, nemesis
from tests.faults.catalogue import ALWAYS, ELSEWHERE, FAULTS
from tests.structure.project import ROOT


def test_every_fault_is_made_somewhere() -> None:
    made = {each.number for each in nemesis.ALL} | set(ALWAYS) | set(catalogue.scenarios())
    assert made == set(FAULTS)
    assert list(FAULTS) == [f"F{number}" for number in range(1, 25)]


def test_no_two_faults_of_the_nemesis_have_one_name() -> None:
    names = [(each.number, each.what) for each in nemesis.ALL]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("number", ELSEWHERE)
def test_a_scenario_is_there(number: str) -> None:
    for file in ELSEWHERE[number]:
        assert "def test_" in (ROOT / file).read_text("utf-8")


def test_every_scenario_says_what_it_is_about() -> None:
    told = {file for files in catalogue.scenarios().values() for file in files}
    assert {f"tests/faults/scenarios/{file.name}" for file in catalogue.FOLDER.glob("test_*.py")} <= told
    assert "tests/faults/scenarios/test_cache_away.py" in catalogue.scenarios()["F2"]


@pytest.mark.parametrize("number", ALWAYS)
def test_what_clients_always_do_is_turned_on(number: str) -> None:
    assert getattr(client, ALWAYS[number]) > 0


def test_the_page_tells_of_every_fault() -> None:
    page = (ROOT / "docs" / "faults.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| (F\d+) \| ([^|]+) \|", page, re.MULTILINE))
    assert {number: told.strip() for number, told in rows.items()} == catalogue.FAULTS
    for files in ELSEWHERE.values():
        assert all(file in page for file in files)
