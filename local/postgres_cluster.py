"""The data folder of the local PostgreSQL: made once, checked at every start."""

import contextlib
import json
import secrets
import signal
from pathlib import Path

from local.errors import LocalStackError
from local.orphans import command_of, stop_orphan
from local.postgres_database import ROLE, SUPERUSER
from local.postgres_initdb import RESET, make_cluster
from local.postgres_user import make_passable


def ready_cluster(folder: Path, binaries: Path, version: int, user: str | None) -> tuple[Path, dict[str, str]]:
    """Return the data folder below *folder*, made or checked and free to start, and its passwords."""
    folder.mkdir(mode=0o700 if user is None else 0o711, parents=True, exist_ok=True)
    data, passwords_file = folder / "data", folder / "passwords.json"
    if data.exists():
        _check_version(data, version)
        clear_leftovers(data)
        if user is not None:
            make_passable(folder)
        return data, _read_passwords(passwords_file)
    passwords = {name: secrets.token_urlsafe(24) for name in (SUPERUSER, ROLE)}
    passwords_file.touch(mode=0o600)
    passwords_file.write_text(json.dumps(passwords))
    make_cluster(binaries, data, version, user, passwords[SUPERUSER])
    return data, passwords


def _read_passwords(passwords_file: Path) -> dict[str, str]:
    try:
        passwords: dict[str, str] = json.loads(passwords_file.read_text())
        return {name: passwords[name] for name in (SUPERUSER, ROLE)}
    except (OSError, ValueError, KeyError, TypeError):
        raise LocalStackError(
            f"{passwords_file} is missing or broken; nobody can log in to the local database without it. {RESET}."
        ) from None


def _check_version(data: Path, version: int) -> None:
    """Raise LocalStackError unless *data* is a cluster of this major version."""
    try:
        found = (data / "PG_VERSION").read_text().strip()
    except OSError:
        raise LocalStackError(f"The data folder {data} is broken: it has no PG_VERSION. {RESET}.") from None
    if found != str(version):
        raise LocalStackError(
            f"The data folder {data} was made by PostgreSQL {found or '?'}, and this is {version}. "
            f"{RESET}, or go back to the Roster that made it."
        )


def clear_leftovers(data: Path) -> None:
    """Stop a postmaster that an earlier server left on *data*, and remove a lock that nobody holds."""
    lock = data / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(lock.read_text().splitlines()[0])
        if _is_postmaster_of(pid, data):
            stop_orphan(pid, signal.SIGINT)
        lock.unlink(missing_ok=True)


def _is_postmaster_of(pid: int, data: Path) -> bool:
    command = command_of(pid)
    return len(command) > 2 and Path(command[0]).name == "postgres" and str(data) in command
