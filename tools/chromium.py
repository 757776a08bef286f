"""
Finds the browser that the tests drive.

`python -m tools.chromium` says which one that is. Where there is none it installs Debian's, if it may: in continuous
integration, as root with apt-get. Elsewhere nothing is installed, and the tests of pages are skipped.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import debian

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def found(environment: Mapping[str, str] = os.environ, applications: Sequence[Path] = APPLICATIONS) -> str | None:
    """Return the path of a Chromium: what `CHROMIUM` names, a command, or an application; None if there is none."""
    path = environment.get("PATH", "")
    commands = [shutil.which(name, path=path) for name in (environment.get("CHROMIUM", ""), *COMMANDS)]
    return next(filter(None, [*commands, *(str(each) for each in applications if each.is_file())]), None)


def main() -> None:
    if found() is None and debian.may_install():
        print("There is no Chromium: installing it with apt-get, for the test of the documentation's page …")
        try:
            debian.install("chromium")
        except OSError as error:
            print(f"That failed: {error}")
    print(f"Chromium: {found() or 'none, so the tests of pages are skipped'}")


if __name__ == "__main__":
    main()
