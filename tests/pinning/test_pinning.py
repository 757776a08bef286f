"""What pins RDS Proxy fails the test that let Roster send it, and that test alone."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.pinning.planted import LEAKS
from tests.pinning.test_pins import PINS
from tests.structure.project import ROOT
from tools import pgbouncer

pytestmark = pytest.mark.integration

PLANTED = Path(__file__).with_name("planted.py")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run what is planted, and return what each test failed with; an empty text if it did not."""
    report = tmp_path_factory.mktemp("planted") / "report.xml"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(PLANTED), f"--junitxml={report}"]
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False)
    cases = ElementTree.parse(report).iter("testcase")
    return {case.attrib["name"]: "".join(each.text or "" for each in case) for case in cases}


def told(outcomes: dict[str, str], test: str) -> list[str]:
    return [text for name, text in outcomes.items() if name.startswith(f"{test}[")]


def test_whatever_pins_is_found_after_the_test_that_sent_it(outcomes: dict[str, str]) -> None:
    each = zip(told(outcomes, "test_planted"), PINS.values(), strict=True)
    assert [text for text, why in each if f"\n{why}, 1 times as roster: " not in text] == []


def test_whatever_stays_on_a_session_is_found_there_by_the_next_client(outcomes: dict[str, str]) -> None:
    if pgbouncer.found() is None:
        pytest.skip(pgbouncer.MISSING)
    each = zip(told(outcomes, "test_leaking"), LEAKS.values(), strict=True)
    assert [text for text, what in each if text.count("\nleft ") != 1 or f"{what}, by roster" not in text] == []


@pytest.mark.parametrize("name", ["test_clean[16]", "test_clean[18]", "test_sent_by_a_test"])
def test_whatever_does_not_pin_and_what_tests_send_is_left_alone(name: str, outcomes: dict[str, str]) -> None:
    assert outcomes[name] == ""
