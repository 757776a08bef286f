"""The shared layer: what the lock file says, built for Lambda's processor whatever this machine is, always the same."""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure import layer
from tests.structure.conftest import build
from tests.structure.layer import Built
from tests.structure.project import LAYER, ROOT
from tools.layer import binaries, bytecode, tree, trim

WHOLE_MAX_MB = {"arm64": 46, "x86_64": 42}  # Lambda allows 250 for a function and all its layers


def test_what_ships_is_what_the_lock_file_says() -> None:
    uv = ROOT / ".tools" / "uv" / "bin" / "uv"
    if not uv.exists():
        pytest.skip("uv is not installed in .tools")
    command = [str(uv), "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--no-header"]
    environment = os.environ | {"UV_PYTHON": sys.executable}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert (LAYER / "requirements.txt").read_text() == done.stdout, "type `make requirements`"


def test_nothing_ships_without_a_hash() -> None:
    requirements = re.split(r"\n(?=\S)", (LAYER / "requirements.txt").read_text().strip())
    assert [each for each in requirements if not each.startswith("#") and "--hash=sha256:" not in each] == []


@pytest.mark.slow
def test_binaries_are_for_the_architecture_and_for_python_313(built: Built) -> None:
    assert sum(name.endswith(".so") for name in built.names()) > 3
    assert layer.for_another_machine(built) + layer.for_another_python(built) == []


@pytest.mark.slow
def test_every_module_is_compiled_for_python_313(built: Built) -> None:
    assert sum(name.endswith(".pyc") for name in built.names()) > 300
    assert layer.without_bytecode(built) == []


@pytest.mark.slow
def test_the_layer_holds_all_of_roster_and_nothing_useless(built: Built) -> None:
    of_roster = [path for path in (LAYER / "roster").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert [path.name for path in of_roster if not (built.site / path.relative_to(LAYER)).is_file()] == []
    assert layer.useless(built) == []


@pytest.mark.slow
def test_the_layer_stays_small(built: Built) -> None:
    megabytes = built.bytes_of(built.names()) / 1e6
    print(f"layer for {built.architecture}: {megabytes:.1f} MB unzipped")  # noqa: T201 (`pytest -s` shows it)
    assert megabytes < WHOLE_MAX_MB[built.architecture]


@pytest.mark.slow
def test_a_second_build_elsewhere_is_the_same_to_the_byte(built: Built, tmp_path: Path) -> None:
    umask = os.umask(0o077)
    try:
        again = build(tmp_path / "another folder", built.architecture)
    finally:
        os.umask(umask)
    assert tree.digest(again.site) == tree.digest(built.site)
    assert {path.stat().st_mtime for path in [built.site, *built.site.rglob("*")]} == {tree.MODIFIED_AT}
    assert layer.bound_to_this_machine(again, ROOT) == []


@pytest.mark.slow
def test_planted_faults_are_found(built: Built, tmp_path: Path) -> None:
    faulty = built.copied(tmp_path)
    other = {"arm64": b"\x3e", "x86_64": b"\xb7"}[built.architecture]
    library = "cryptography/hazmat/bindings/_rust.abi3.so"
    content = (built.site / library).read_bytes()
    compiled = "roster/__pycache__/errors.cpython-313.pyc"
    faulty.planted(library, content[:18] + other + content[19:])
    faulty.planted("roster/errors.py", b"'''Changed after it was compiled.'''\n")
    faulty.planted("roster/api/__pycache__/pages.cpython-313.pyc", None)
    faulty.planted("jwt/__pycache__/api_jwt.cpython-313.pyc", b"\xa7\r\r\n" + (built.site / compiled).read_bytes()[4:])
    faulty.planted("roster/users/__pycache__/models.cpython-313.pyc", str(tmp_path).encode())
    (faulty.site / "jwt" / "_speedups.cpython-312-x86_64-linux-gnu.so").write_bytes(content)
    (faulty.site / "redis" / "typing.pyi").touch()
    assert layer.for_another_machine(faulty) == ["_rust.abi3.so"]
    assert layer.for_another_python(faulty) == ["jwt/_speedups.cpython-312-x86_64-linux-gnu.so"]
    broken = ["jwt/api_jwt.py", "roster/api/pages.py", "roster/errors.py", "roster/users/models.py"]
    assert layer.without_bytecode(faulty) == broken
    assert layer.useless(faulty) == ["redis/typing.pyi"]
    assert layer.bound_to_this_machine(faulty, tmp_path) == ["roster/users/__pycache__/models.cpython-313.pyc"]
    assert tree.digest(faulty.site) != tree.digest(built.site)


@pytest.mark.slow
def test_an_unknown_architecture_is_refused(tmp_path: Path) -> None:
    command = ["make", "-f", "layers/shared/Makefile", "build-SharedLayer", f"ARTIFACTS_DIR={tmp_path}", "ARCH=mips"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "ARCH is mips, but must be arm64 or x86_64" in done.stderr


def test_python_313_is_what_is_named_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON313", "/nonexistent/python3.13")
    assert bytecode.python313() is None


def test_another_python_is_not_taken_for_python_313(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.version_info[:2] == (3, 13):
        pytest.skip("this is Python 3.13")
    monkeypatch.setenv("PYTHON313", sys.executable)
    assert bytecode.python313() is None


def test_a_build_without_python_313_stops_and_says_where_to_get_one(tmp_path: Path) -> None:
    done = finished(tmp_path, PYTHON313="/nonexistent/python3.13")
    assert done.returncode == 1
    assert "uv python install 3.13" in done.stderr


def test_for_a_local_server_it_goes_on_without_bytecode(tmp_path: Path) -> None:
    done = finished(tmp_path, PYTHON313="/nonexistent/python3.13", BYTECODE="optional")
    assert done.returncode == 0
    assert "without bytecode" in done.stdout
    assert not list(tmp_path.rglob("*.pyc"))


def finished(site: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Let tools/layer finish a layer that has nothing but what has to be trimmed, and a module."""
    (site / "roster.py").touch()
    for name in (*trim.MAKES_EXTENSIONS, *trim.POWERTOOLS, *trim.REST):
        (site / name).mkdir(parents=True)
    command = [sys.executable, "-m", "tools.layer", str(site)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False)


def test_a_pattern_that_fits_nothing_any_more_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"take it out of tools/layer/trim\.py"):
        trim.trim(tmp_path)


def test_only_what_no_loader_reads_is_cut_off() -> None:
    elf = _elf(segment=b"code", rest=bytes(5000))
    shorter = binaries.shortened(elf)
    assert shorter[64:] == elf[64 : binaries.loaded_bytes(elf)]
    assert shorter.endswith(b"code")
    assert binaries.header(shorter) == binaries.header(elf)
    assert binaries.shortened(_elf(segment=b"code", rest=bytes(100))) == _elf(segment=b"code", rest=bytes(100))
    with pytest.raises(ValueError, match="no 64-bit little-endian ELF"):
        binaries.header(b"#!/bin/sh")


def _elf(segment: bytes, rest: bytes) -> bytes:
    """Return a library with one segment after its headers, a section table behind that, and nothing else."""
    start = 64 + 56
    head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 3, 0x3E, 1, 0, 64, start, 0, 64, 56, 1, 64, 1, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, start, start, start, len(segment), len(segment), 0x1000)
    return head + load + segment + rest
