"""Swagger UI is in the repository as its package has it: pinned, unchanged, and named by its version."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.structure.project import ROOT
from tools import fetch_swagger_ui as swagger_ui

USES = ("functions/get_docs/page.html", "functions/get_docs_file/app.py")


@pytest.mark.parametrize("name", swagger_ui.SHA256)
def test_a_file_is_what_it_was_when_it_was_fetched(name: str) -> None:
    content = (swagger_ui.FOLDER / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == swagger_ui.SHA256[name]


@pytest.mark.parametrize("name", USES)
def test_whoever_names_a_version_names_this_one(name: str) -> None:
    versions = re.findall(r"swagger-ui[a-z-]*-(\d[\d.]*\d)", (ROOT / name).read_text("utf-8"))
    assert versions == [swagger_ui.VERSION] * 2


def test_its_licence_stands_beside_it() -> None:
    assert "Apache License" in (swagger_ui.FOLDER / "LICENSE").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm")
def test_the_package_of_the_registry_has_the_same_files(tmp_path: Path) -> None:
    files = swagger_ui.fetched(tmp_path)
    assert files == {name: (swagger_ui.FOLDER / name).read_bytes() for name in swagger_ui.SHA256}


def test_other_bytes_than_expected_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pack(command: list[str], *, cwd: Path, **_: object) -> None:
        (cwd / f"{swagger_ui.PACKAGE}-{swagger_ui.VERSION}.tgz").write_bytes(b"something else")

    monkeypatch.setattr(subprocess, "run", pack)
    with pytest.raises(ValueError, match="is not what it was"):
        swagger_ui.fetched(tmp_path)
