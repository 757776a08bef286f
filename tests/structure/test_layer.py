"""The shared layer: what the lock file says, built for Lambda's processor whatever this machine is."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.structure.project import LAYER, ROOT

IN_THE_RUNTIME = {"boto3", "botocore"}
UNZIPPED_MAX_MB = 100  # Lambda allows 250 for a function and all its layers
_MACHINES = {0xB7: "arm64", 0x3E: "x86_64"}
_EXTENSION = re.compile(r"\.(cpython-313-[\w-]+-linux-gnu|abi3)\.so$")


class Built(NamedTuple):
    architecture: str
    site: Path

    def files(self, pattern: str) -> list[str]:
        return sorted(path.relative_to(self.site).as_posix() for path in self.site.rglob(pattern))

    def has(self, module: str) -> bool:
        return any(self.site.glob(module)) or any(self.site.glob(f"{module}.*"))


def run(command: list[str], **variables: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "ARCH")}
    done = subprocess.run(
        command, cwd=ROOT, env={**inherited, **variables}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=["arm64", "x86_64"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    target = tmp_path_factory.mktemp(request.param)
    run(["make", "-f", "layers/shared/Makefile", "build-SharedLayer", f"ARTIFACTS_DIR={target}"], ARCH=request.param)
    return Built(request.param, target / "python")


def test_what_ships_is_what_the_lock_file_says() -> None:
    uv = ROOT / ".tools" / "uv" / "bin" / "uv"
    if not uv.exists():
        pytest.skip("uv is not installed in .tools")
    command = [str(uv), "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--no-header"]
    exported = run(command, UV_PYTHON=sys.executable)
    assert (LAYER / "requirements.txt").read_text() == exported, "type `make requirements`"


def test_nothing_ships_without_a_hash() -> None:
    requirements = re.split(r"\n(?=\S)", (LAYER / "requirements.txt").read_text().strip())
    assert [each for each in requirements if not each.startswith("#") and "--hash=sha256:" not in each] == []


@pytest.mark.slow
def test_binaries_are_for_the_architecture_and_for_python_313(built: Built) -> None:
    binaries = built.files("*.so") + built.files("*.so.*")
    machines = {name: _MACHINES.get(_machine(built.site / name)) for name in binaries}
    assert len(binaries) > 3
    assert {name: machine for name, machine in machines.items() if machine != built.architecture} == {}
    assert [name for name in built.files("*.so") if ".libs/" not in name and not _EXTENSION.search(name)] == []


@pytest.mark.slow
def test_all_that_roster_imports_is_in_the_layer(built: Built) -> None:
    wanted = {name for source in built.site.glob("roster/**/*.py") for name in _imported(source)}
    third_party = wanted - sys.stdlib_module_names - IN_THE_RUNTIME
    assert third_party > {"roster", "psycopg2", "pydantic", "redis"}
    assert [name for name in sorted(third_party) if not built.has(name)] == []


@pytest.mark.slow
def test_the_layer_holds_all_of_roster(built: Built) -> None:
    of_roster = [path for path in (LAYER / "roster").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert [path.name for path in of_roster if not (built.site / path.relative_to(LAYER)).is_file()] == []


@pytest.mark.slow
def test_nothing_useless_ships(built: Built) -> None:
    top = {name.split("/")[0] for name in built.files("*")}
    assert top & {"boto3", "botocore", "bin", "pip", "setuptools", "tests"} == set()
    assert built.files("*.pyi") + built.files("*.dist-info") + built.files("tests") == []


@pytest.mark.slow
def test_the_layer_stays_small(built: Built) -> None:
    megabytes = sum(path.stat().st_size for path in built.site.rglob("*") if path.is_file()) / 1e6
    print(f"layer for {built.architecture}: {megabytes:.1f} MB unzipped")  # noqa: T201 (`pytest -s` shows it)
    assert megabytes < UNZIPPED_MAX_MB


@pytest.mark.slow
def test_an_unknown_architecture_is_refused(tmp_path: Path) -> None:
    command = ["make", "-f", "layers/shared/Makefile", "build-SharedLayer", f"ARTIFACTS_DIR={tmp_path}", "ARCH=mips"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "ARCH is mips, but must be arm64 or x86_64" in done.stderr


def _machine(binary: Path) -> int:
    with binary.open("rb") as opened:
        header = opened.read(20)
    assert header.startswith(b"\x7fELF"), binary
    return int.from_bytes(header[18:20], "little")


def _imported(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).split(".")[0])
    return names
