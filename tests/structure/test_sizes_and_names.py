"""Small files with telling names."""

import pytest

from tests.structure import project
from tests.structure.project import ROOT

LINES_MAX = 150
LONGER = {
    "layers/shared/roster/infrastructure/settings.py": (230, "every setting in one list"),
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "tools", "lib", "core", "stuff"}

SOURCES = project.sources("layers", "functions", "local")
ALL_SOURCES = [*SOURCES, *project.sources("tests")]


def lines_of(name: str) -> int:
    return len((ROOT / name).read_text("utf-8").splitlines())


@pytest.mark.parametrize("name", [project.name_of(path) for path in SOURCES])
def test_a_file_is_short_enough_to_be_read_in_one_go(name: str) -> None:
    assert lines_of(name) <= LONGER.get(name, (LINES_MAX, ""))[0]


def test_no_file_is_excused_that_is_short_or_gone() -> None:
    assert [name for name in LONGER if lines_of(name) <= LINES_MAX] == []


def test_no_name_could_stand_for_anything() -> None:
    named = {path: {path.stem, *path.relative_to(ROOT).parent.parts} for path in ALL_SOURCES}
    assert [project.name_of(path) for path, names in named.items() if names & VAGUE] == []


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    assert [project.name_of(path) for path in ALL_SOURCES if not project.docstring_of(path)] == []


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 50
