"""A real PostgreSQL from the wheel, on 127.0.0.1 only, as our own child process."""

import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from local.errors import LocalStackError
from local.ports import LOOPBACK, free_port
from local.postgres_cluster import ready_cluster
from local.postgres_database import DATABASE, ROLE, SUPERUSER, WRITER, accepts, make_database, url_of
from local.postgres_initdb import programs
from local.postgres_user import make_runnable, needed_user
from local.processes import Child, keep_going, tail_of, wait_until

DEFAULT_VERSION = 18
_START_SECONDS = 60  # recovery after a power cut takes its time
_ATTEMPTS = 5
_PASSING_TROUBLE = ("could not bind", "Address already in use", "pre-existing shared memory")


class PostgresServer:
    """
    One running server.

    `url` is that of the database's owner, `writer_url` that of the functions, `admin_url` that of the superuser.
    """

    def __init__(self, child: Child, port: int, passwords: Mapping[str, str]) -> None:
        self._child = child
        self.pid = child.pid
        self.port = port
        self.url = url_of(ROLE, passwords[ROLE], port, DATABASE)
        self.writer_url = url_of(WRITER, passwords[ROLE], port, DATABASE)
        self.admin_url = url_of(SUPERUSER, passwords[SUPERUSER], port, SUPERUSER)

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        version: int = DEFAULT_VERSION,
        settings: Mapping[str, str] | None = None,
        check: Callable[[], None] = keep_going,
    ) -> "PostgresServer":
        """
        Start the server whose data lies in *folder*, made at the first start.

        *settings* are server settings (a test may turn fsync off); *check* raises to give up the start.

        Raises:
            LocalStackError: If it cannot start; the message says what to do.
        """
        try:
            return _start(cls, folder.resolve(), version, settings or {}, check)
        except OSError as error:
            raise LocalStackError(f"PostgreSQL could not start in {folder}: {error}.") from error

    @property
    def running(self) -> bool:
        return not self._child.ended

    def stop(self) -> None:
        """Stop it; connections are cut, what was committed stays. Safe to call twice."""
        self._child.stop()


def _start(
    kind: type[PostgresServer], folder: Path, version: int, settings: Mapping[str, str], check: Callable[[], None]
) -> PostgresServer:
    binaries, user = programs(version), needed_user()
    make_runnable(binaries.parent, user)
    data, passwords = ready_cluster(folder, binaries, version, user)
    for attempt in range(1, _ATTEMPTS + 1):
        check()
        server = kind(*_launch(data, binaries, user, settings), passwords)
        if _came_up(server, check):
            make_database(server.admin_url, server.url, passwords[ROLE])
            return server
        _explain(data, last=attempt == _ATTEMPTS)
        wait_until(lambda: False, 1, check)
    raise AssertionError("the last attempt raises")


def _launch(data: Path, binaries: Path, user: str | None, settings: Mapping[str, str]) -> tuple[Child, int]:
    port = int(settings.get("port") or free_port())
    wanted = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",
        "timezone": "UTC",
        # Errors without what they are about: a refused registration would leave its address and hash in the log.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        **settings,
    }
    options = [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries / "postgres"), "-D", str(data), *options]
    return Child(command, log=_log_of(data), stop_signal=signal.SIGINT, user=user), port


def _came_up(server: PostgresServer, check: Callable[[], None]) -> bool:
    try:
        wait_until(lambda: not server.running or accepts(server.admin_url), _START_SECONDS, check)
        up = server.running and accepts(server.admin_url)
    except BaseException:
        server.stop()
        raise
    if not up:
        server.stop()
    return up


def _explain(data: Path, *, last: bool) -> None:
    tail = tail_of(_log_of(data))
    if last or not any(trouble in tail for trouble in _PASSING_TROUBLE):
        raise LocalStackError(
            f"PostgreSQL did not start on {data}. Its last words:{tail}\n"
            "If that cannot be mended, `make reset` deletes the local data and starts afresh."
        )


def _log_of(data: Path) -> Path:
    return data.with_name("postgres.log")
