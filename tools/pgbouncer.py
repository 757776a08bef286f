"""
Finds the PgBouncer that tests put in front of PostgreSQL, as RDS Proxy stands there in production.

`python -m tools.pgbouncer` says which one that is. Where there is none it installs Debian's, if it may. Elsewhere
nothing is installed, and the tests that need it are skipped.
"""

import os
import shutil
from collections.abc import Mapping

from tools import debian

PACKAGE = "pgbouncer"
# Debian's stands in a folder that is on the path of root alone.
_BESIDE_PATH = "/usr/sbin"
MISSING = "there is no PgBouncer: install Debian's package, or name one in PGBOUNCER"


def found(environment: Mapping[str, str] = os.environ, beside: str = _BESIDE_PATH) -> str | None:
    """Return the path of PgBouncer: what `PGBOUNCER` names, or the command; None if there is none."""
    path = f"{environment.get('PATH', '')}:{beside}"
    return shutil.which(environment.get("PGBOUNCER") or PACKAGE, path=path)


def main() -> None:
    if found() is None and debian.may_install():
        print("There is no PgBouncer: installing it with apt-get, for the tests of faults and of pinning …")
        try:
            debian.install(PACKAGE)
        except OSError as error:
            print(f"That failed: {error}")
    print(f"PgBouncer: {found() or 'none, so the tests that need it are skipped'}")


if __name__ == "__main__":
    main()
