"""A folder whose archive depends on nothing but its files' names and contents."""

import hashlib
import os
from pathlib import Path

# What a zip file can say at the earliest, and a day later, whichever time zone the machine is in.
MODIFIED_AT = 315_619_200  # 2 January 1980, in seconds since 1970


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def settle(root: Path) -> None:
    """Give every file and folder the same time and permissions, whatever the machine's clock and umask say."""
    for path in [*root.rglob("*"), root]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    for path in [*root.rglob("*"), root]:
        os.utime(path, (MODIFIED_AT, MODIFIED_AT))


def digest(root: Path) -> str:
    """Return the SHA-256 of all names, permissions and contents, in hexadecimal."""
    total = hashlib.sha256()
    for path in files(root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.stat().st_mode:o} {content} {path.relative_to(root).as_posix()}\n".encode())
    return total.hexdigest()
