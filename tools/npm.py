"""Packages of the npm registry as archives, with their checksums: no other bytes than expected are read."""

import base64
import hashlib
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path


def members(package: str, version: str, integrity: str, names: Iterable[str], folder: Path) -> dict[str, bytes]:
    """
    Let npm download the package to *folder*, and return those files of it.

    *integrity* is as npm's lock files write it, `sha512-` or `sha256-` with the digest in base64.

    Raises:
        ValueError: If the archive is another one, or lacks a file.
    """
    subprocess.run(
        ["npm", "pack", "--silent", "--ignore-scripts", f"{package}@{version}"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    archive = folder / archive_of(package, version)
    algorithm, _, expected = integrity.partition("-")
    digest = hashlib.new(algorithm, archive.read_bytes()).digest()
    if base64.b64encode(digest).decode() != expected:
        raise ValueError(f"{archive.name} is not what it was.")
    with tarfile.open(archive) as opened:
        return {name: _read(opened, f"package/{name}") for name in names}


def archive_of(package: str, version: str) -> str:
    """Return the name that npm gives to a package's archive."""
    return f"{package.removeprefix('@').replace('/', '-')}-{version}.tgz"


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        member = archive.extractfile(name)
    except KeyError:
        member = None
    if member is None:
        raise ValueError(f"The package has no {name}.")
    return member.read()
