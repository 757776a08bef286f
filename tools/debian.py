"""Installs a program of Debian's that tests need, where that may be done: in continuous integration, as root."""

import os
import shutil
import subprocess

_SECONDS = 600


def may_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def commands(package: str) -> tuple[tuple[str, ...], ...]:
    return (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "-y", "-qq", "--no-install-recommends", package),
    )


def install(package: str) -> None:
    """
    Install *package* with apt-get; needs root.

    Raises:
        OSError: If apt-get cannot do it: without a network, say.
    """
    for command in commands(package):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise OSError(f"it took more than {_SECONDS} s") from error
        if done.returncode:
            raise OSError(done.stderr.strip().splitlines()[-1:])
