"""Which browser the tests drive."""

from pathlib import Path

import pytest

from tools import chromium


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "empty").mkdir()
    return tmp_path


def a_program(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_none_is_found_where_there_is_none(folder: Path) -> None:
    assert chromium.found({"PATH": str(folder)}, [folder / "no application"]) is None


@pytest.mark.parametrize("name", chromium.COMMANDS)
def test_a_command_is_found(name: str, folder: Path) -> None:
    program = a_program(folder / name)
    assert chromium.found({"PATH": f"{folder / 'empty'}:{folder}"}, []) == str(program)


def test_an_application_is_found(folder: Path) -> None:
    program = a_program(folder / "Google Chrome")
    assert chromium.found({"PATH": str(folder / "empty")}, [program]) == str(program)


def test_who_names_one_gets_that_one(folder: Path) -> None:
    a_program(folder / "chromium")
    program = a_program(folder / "empty" / "my-chromium")
    assert chromium.found({"PATH": str(folder), "CHROMIUM": str(program)}, []) == str(program)
