"""Packs what `make build` built, and what its template refers to: the same bytes for the same files."""

import gzip
import hashlib
import io
import sys
import tarfile
from pathlib import Path

from tools.layer.tree import MODIFIED_AT

FOLDERS = (".aws-sam/build", "functions")


def packed(root: Path) -> bytes:
    """Return a tar.gz of the folders: sorted, without owners, times and compiled leftovers."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*")):
            if path.is_file() and _ships(path.relative_to(root)):
                archive.addfile(_entry(path, root), io.BytesIO(path.read_bytes()))
    return gzip.compress(content.getvalue(), mtime=0)


def _ships(name: Path) -> bool:
    return name.parts[0] == ".aws-sam" or "__pycache__" not in name.parts


def _entry(path: Path, root: Path) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path.relative_to(root).as_posix())
    entry.size, entry.mtime, entry.mode = path.stat().st_size, MODIFIED_AT, 0o644
    return entry


def main() -> None:
    root, target = Path(__file__).parents[1], Path(sys.argv[1])
    if not (root / FOLDERS[0] / "template.yaml").exists():
        sys.exit("Nothing is built: type `make build`.")
    content = packed(root)
    target.write_bytes(content)
    print(f"{target}: {len(content) / 1e6:.1f} MB, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
