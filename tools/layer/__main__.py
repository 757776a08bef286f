"""Finishes the layer in a folder: `python -m tools.layer .aws-sam/layer/python`; layers/shared/Makefile calls it."""

import os
import sys
from pathlib import Path

from tools.layer import binaries, bytecode, tree, trim


def main() -> None:
    site = Path(sys.argv[1])
    trim.trim(site)
    binaries.shorten_all(site)
    _compile(site)
    tree.settle(site)
    megabytes = sum(path.stat().st_size for path in tree.files(site)) / 1e6
    print(f"Layer for {os.environ.get('ARCH', 'arm64')}: {megabytes:.1f} MB, sha256:{tree.digest(site)}")


def _compile(site: Path) -> None:
    python = bytecode.python313()
    if python is not None:
        bytecode.compile_all(site, python)
    elif os.environ.get("BYTECODE") == "optional":
        print("No Python 3.13 here: the layer goes without bytecode, which is slower, and not for a deployment.")
    else:
        sys.exit(bytecode.MISSING)


if __name__ == "__main__":
    main()
