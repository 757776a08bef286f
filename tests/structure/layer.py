"""What a built layer may be found guilty of; each check returns the names of the files at fault."""

import _imp
import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from tools.layer import binaries, tree

MAGIC_313 = b"\xf3\r\r\n"  # importlib.util.MAGIC_NUMBER of Python 3.13
_MACHINES = {0xB7: "arm64", 0x3E: "x86_64"}
_EXTENSION = re.compile(r"\.(cpython-313-[\w-]+-linux-gnu|abi3)\.so$")
_USELESS = re.compile(r"\.(pyi|pyx|pxd|c|h)$|(^|/)(tests|bin|pip|setuptools|boto3|botocore)/|\.dist-info/")


class Built(NamedTuple):
    architecture: str
    site: Path

    def names(self) -> list[str]:
        return [path.relative_to(self.site).as_posix() for path in tree.files(self.site)]

    def bytes_of(self, names: list[str] | set[str]) -> int:
        return sum((self.site / name).stat().st_size for name in names)

    def copied(self, folder: Path) -> "Built":
        """Return a copy that shares its files with this one: a fault is planted by `planted`, never in place."""
        shutil.copytree(self.site, folder / "python", copy_function=os.link)
        return Built(self.architecture, folder / "python")

    def planted(self, name: str, content: bytes | None) -> None:
        """Replace a file; None removes it."""
        (self.site / name).unlink()
        if content is not None:
            (self.site / name).write_bytes(content)


def for_another_machine(built: Built) -> list[str]:
    return [
        path.name
        for path in binaries.libraries(built.site)
        if _MACHINES.get(binaries.header(path.read_bytes()).machine) != built.architecture
    ]


def for_another_python(built: Built) -> list[str]:
    modules = [name for name in built.names() if name.endswith(".so") and ".libs/" not in name]
    return [name for name in modules if not _EXTENSION.search(name)]


def without_bytecode(built: Built) -> list[str]:
    """Return modules whose bytecode is missing, of another Python, made from other source, or compared with it."""
    return [name for name in built.names() if name.endswith(".py") and not _is_compiled(built.site / name)]


def _is_compiled(source: Path) -> bool:
    compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
    if not compiled.exists():
        return False
    never_compared = b"\x01\0\0\0"
    made_from = _imp.source_hash(int.from_bytes(MAGIC_313, "little"), source.read_bytes())
    return compiled.read_bytes()[:16] == MAGIC_313 + never_compared + made_from


def useless(built: Built) -> list[str]:
    return [name for name in built.names() if _USELESS.search(name)]


def bound_to_this_machine(built: Built, *folders: Path) -> list[str]:
    """Return files in which a folder of this machine is named."""
    named = [str(folder).encode() for folder in (*folders, built.site)]
    compiled = [name for name in built.names() if name.endswith(".pyc")]
    return [name for name in compiled if any(each in (built.site / name).read_bytes() for each in named)]
