"""One PostgreSQL of a pair: what it is, primary or standby, changes during its life."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from local.ports import LOOPBACK, free_port
from local.postgres import DEFAULT_VERSION, PostgresServer
from local.postgres_database import accepts
from local.postgres_initdb import programs
from local.postgres_user import hand_over, needed_user
from local.processes import Child, keep_going, tail_of, wait_until
from tests.servers import execute, folder

_SECONDS = 30
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "timezone": "UTC",
    # A crash of the process is what happens here, not one of the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "on",
    "wal_retrieve_retry_interval": "100ms",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "log_min_messages": "fatal",
}


class PostgresNode:
    """A data folder and a port; *admin_url* is the superuser's address there."""

    def __init__(self, passwords_of: str) -> None:
        self.folder, self.port = folder(), free_port()
        self.data = self.folder / "data"
        parts = urlsplit(passwords_of)
        self.password = unquote(parts.password or "")
        self.admin_url = parts._replace(netloc=f"{parts.username}:{parts.password}@{LOOPBACK}:{self.port}").geturl()
        self._user = needed_user()
        self._child: Child | None = None
        hand_over(self.folder, self._user)

    @classmethod
    def first(cls) -> tuple["PostgresNode", PostgresServer]:
        """Return a node with a cluster of its own, and what says who may log in there."""
        place = folder()
        server = PostgresServer.start(place, settings={"fsync": "off"})
        server.stop()
        node = cls(server.admin_url)
        (place / "data").rename(node.data)
        shutil.rmtree(place)
        return node, server

    def start(self) -> None:
        settings = {**_SETTINGS, "port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(_program("postgres")), "-D", str(self.data), *options]
        self._child = Child(command, log=self.log, stop_signal=signal.SIGINT, user=self._user)
        assert wait_until(lambda: accepts(self.admin_url), _SECONDS, keep_going), tail_of(self.log)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def crash(self) -> None:
        """End it at once, without a word to anybody; what was committed stays."""
        if self._child and not self._child.ended:
            os.kill(self._child.pid, signal.SIGQUIT)
            wait_until(lambda: self._child is None or self._child.ended, _SECONDS, keep_going)
        self.stop()

    def stop(self) -> None:
        if self._child:
            self._child.stop()
            self._child = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def follow(self, primary: "PostgresNode") -> None:
        """Become the standby of *primary*: a fresh copy of it, whatever was here before."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        command = [str(_program("pg_basebackup")), "--pgdata", str(self.data), "--host", LOOPBACK]
        command += ["--port", str(primary.port), "--username", "postgres", "--checkpoint", "fast", "--no-sync"]
        command += ["--write-recovery-conf", "--wal-method", "stream"]
        environment = {**os.environ, "PGPASSWORD": self.password}
        done = subprocess.run(
            command,
            env=environment,
            user=self._user,
            group=self._user,
            extra_groups=None if self._user is None else [],
            cwd="/",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.start()

    def promote(self) -> None:
        """Stop following, and take writes from now on."""
        execute(self.admin_url, "SELECT pg_promote(true, 30)")

    def require_standby(self, names: str) -> None:
        """Let commits wait for a standby of these names from now on: '*' for any, '' for none."""
        execute(self.admin_url, f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        execute(self.admin_url, "SELECT pg_reload_conf()")

    def has_standby(self) -> bool:
        """Return whether a standby follows that commits wait for."""
        return bool(execute(self.admin_url, "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"))


def _program(name: str) -> Path:
    return programs(DEFAULT_VERSION) / name
