"""When a program of Debian's is installed for the tests, and when not."""

import os
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from tools import chromium, debian, pgbouncer

PROGRAMS = [(chromium, "Chromium", "chromium"), (pgbouncer, "PgBouncer", "pgbouncer")]


class Machine:
    """A machine without the program on which apt-get does, or fails to do, what it is told."""

    def __init__(
        self, program: ModuleType, package: str, patch: pytest.MonkeyPatch, *, fails: bool = False, is_root: bool = True
    ) -> None:
        self.ran: list[tuple[str, ...]] = []
        self.all_commands = list(debian.commands(package))
        self._fails = fails
        patch.setattr(program, "found", lambda: f"/usr/bin/{package}" if self._is_installed() else None)
        patch.setattr(debian, "may_install", lambda: is_root)
        patch.setattr(subprocess, "run", self._run)

    def _run(self, command: tuple[str, ...], **_: object) -> "subprocess.CompletedProcess[str]":
        self.ran.append(command)
        return subprocess.CompletedProcess(command, int(self._fails), "", "E: There is no network\n")

    def _is_installed(self) -> bool:
        return not self._fails and self.all_commands[-1] in self.ran


@pytest.mark.parametrize(("program", "name", "package"), PROGRAMS)
def test_it_is_installed_where_that_is_possible_and_said(
    program: ModuleType, name: str, package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(program, package, monkeypatch)
    program.main()
    assert machine.ran == machine.all_commands
    assert "installing it with apt-get" in (said := capsys.readouterr().out)
    assert said.endswith(f"{name}: /usr/bin/{package}\n")
    program.main()
    assert len(machine.ran) == len(machine.all_commands)


@pytest.mark.parametrize(("program", "name", "package"), PROGRAMS)
def test_what_cannot_be_installed_is_said_and_stops_nothing(
    program: ModuleType, name: str, package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(program, package, monkeypatch, fails=True)
    program.main()
    assert machine.ran == machine.all_commands[:1]
    assert "There is no network" in (said := capsys.readouterr().out)
    assert said.endswith("skipped\n")


@pytest.mark.parametrize(("program", "name", "package"), PROGRAMS)
def test_nothing_is_installed_on_a_developers_machine(
    program: ModuleType, name: str, package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(program, package, monkeypatch, is_root=False)
    program.main()
    assert machine.ran == []
    assert "skipped" in capsys.readouterr().out


def test_only_root_with_apt_get_may_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "apt-get"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for uid, path, may in ((0, tmp_path, True), (1000, tmp_path, False), (0, tmp_path / "empty", False)):
        monkeypatch.setattr(os, "geteuid", lambda uid=uid: uid)
        monkeypatch.setenv("PATH", str(path))
        assert debian.may_install() is may


def test_an_installation_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(command: tuple[str, ...], **_: object) -> None:
        raise subprocess.TimeoutExpired(command, 600)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(OSError, match="600 s"):
        debian.install("pgbouncer")


def test_pgbouncer_is_found_beside_the_path_and_by_name(tmp_path: Path) -> None:
    program = tmp_path / "pgbouncer"
    assert pgbouncer.found({"PATH": str(tmp_path)}, str(tmp_path)) is None
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert pgbouncer.found({"PATH": ""}, str(tmp_path)) == str(program)
    assert pgbouncer.found({"PATH": "", "PGBOUNCER": str(program)}, "") == str(program)
