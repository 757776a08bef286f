"""The system user that PostgreSQL runs as, since it refuses to run as root."""

import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path

from local.errors import LocalStackError

NAME = "pgserver"  # the name that the embedded package itself uses
_EVERYONE_MAY_PASS = stat.S_IXOTH
_EVERYONE_MAY_READ = stat.S_IROTH


def needed_user() -> str | None:
    """Return the user to run PostgreSQL as, made if need be; None means: as who we are."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        _add_user()
    return NAME


def _add_user() -> None:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/sh", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise LocalStackError(
            "You are root, and PostgreSQL refuses to run as root. Roster tried to add a system user "
            f"{NAME!r} for it with `{' '.join(command)}`, which failed. Add that user, or run "
            "`make start` as a normal user."
        ) from error


def hand_over(path: Path, user: str | None) -> None:
    """Give *path* to *user*, and let everyone pass (not list) the folders above it, as that user must."""
    if user is None:
        return
    owner = pwd.getpwnam(user)
    os.chown(path, owner.pw_uid, owner.pw_gid)
    make_passable(path.parent)


def make_passable(folder: Path) -> None:
    """Let everyone pass *folder* and those above it; says so, for it widens what somebody chose."""
    for each in (folder, *folder.parents):
        mode = each.stat().st_mode
        if not mode & _EVERYONE_MAY_PASS:
            each.chmod(mode | _EVERYONE_MAY_PASS)
            print(f"PostgreSQL runs as user {NAME} and must pass {each}: set o+x on it.", file=sys.stderr)


def make_runnable(installation: Path, user: str | None) -> None:
    """Let *user* run the programs below *installation*, whatever umask they were installed with."""
    if user is None:
        return
    make_passable(installation.parent)
    if _runs(installation / "bin" / "postgres", user):
        return
    for path in (installation, *installation.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            passes = _EVERYONE_MAY_PASS if mode & stat.S_IXUSR else 0
            path.chmod(mode | _EVERYONE_MAY_READ | passes)


def _runs(program: Path, user: str) -> bool:
    try:
        done = subprocess.run([program, "--version"], check=False, user=user, group=user, capture_output=True, cwd="/")
    except OSError:
        return False
    return done.returncode == 0
