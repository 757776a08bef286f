"""Tests give a fake clock to the module that they test, and to nobody else in their process."""

import re

import pytest

from tests.structure import project

# Event loops and locks of other threads live by the module `time`: with a fake one they wait for hours.
_FOR_ALL = re.compile(r"""(setattr|patch)\(\s*(time\s*,|["']time\.)""")


def of_the_whole_process(source: str) -> bool:
    return bool(_FOR_ALL.search(source))


def test_no_test_turns_the_clock_of_the_whole_process() -> None:
    found = [path for path in project.sources("tests") if of_the_whole_process(path.read_text("utf-8"))]
    assert [project.name_of(path) for path in found if path.name != "test_clocks.py"] == []


@pytest.mark.parametrize(
    "planted",
    [
        'monkeypatch.setattr(time, "monotonic", lambda: 7.0)',
        'monkeypatch.setattr(\n    "time.sleep", print)',
        "patch('time.time')",
    ],
)
def test_one_that_does_is_found(planted: str) -> None:
    assert of_the_whole_process(planted)


def test_the_clock_of_one_module_may_be_turned() -> None:
    assert not of_the_whole_process('monkeypatch.setattr(caches, "time", FakeClock())')
