"""Which browser the tests drive, and when one is installed."""

import os
import subprocess
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


class Machine:
    """A machine without Chromium on which apt-get does, or fails to do, what it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False, is_root: bool = True) -> None:
        self.ran: list[tuple[str, ...]] = []
        self._fails = fails
        monkeypatch.setattr(chromium, "found", lambda: "/usr/bin/chromium" if self._is_installed() else None)
        monkeypatch.setattr(chromium, "may_install", lambda: is_root)
        monkeypatch.setattr(subprocess, "run", self._run)

    def _run(self, command: tuple[str, ...], **_: object) -> "subprocess.CompletedProcess[str]":
        self.ran.append(command)
        return subprocess.CompletedProcess(command, int(self._fails), "", "E: There is no network\n")

    def _is_installed(self) -> bool:
        return not self._fails and chromium.INSTALL[-1] in self.ran


def test_it_is_installed_where_that_is_possible_and_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(monkeypatch)
    chromium.main()
    assert machine.ran == list(chromium.INSTALL)
    assert "installing it with apt-get" in (said := capsys.readouterr().out)
    assert said.endswith("Chromium: /usr/bin/chromium\n")
    chromium.main()
    assert len(machine.ran) == len(chromium.INSTALL)


def test_what_cannot_be_installed_is_said_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(monkeypatch, fails=True)
    chromium.main()
    assert machine.ran == [chromium.INSTALL[0]]
    assert "There is no network" in (said := capsys.readouterr().out)
    assert said.endswith("skipped\n")


def test_nothing_is_installed_on_a_developers_machine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(monkeypatch, is_root=False)
    chromium.main()
    assert machine.ran == []
    assert "skipped" in capsys.readouterr().out


def test_only_root_with_apt_get_may_install(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    a_program(folder / "apt-get")
    for uid, path, may in ((0, folder, True), (1000, folder, False), (0, folder / "empty", False)):
        monkeypatch.setattr(os, "geteuid", lambda uid=uid: uid)
        monkeypatch.setenv("PATH", str(path))
        assert chromium.may_install() is may
