"""The local server as its user has it: a process, a folder, a port."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from local import ports
from local.home import Home
from local.postgres_database import SUPERUSER, url_of
from tests import servers
from tests.pinning import statement_log, watch

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
_NOT_OURS = ("DATABASE_URL", "REDIS_URL", "PARAMETERS", "ROSTER_HOME")


class LocalServer:
    """
    One run after another on one folder of its own; *facts* are those of running.json.

    Rate limits are so wide, unless *parameters* say otherwise, that no test runs into them by chance. With a
    *database_url* it has no PostgreSQL of its own.
    """

    def __init__(self, parameters: str = "", database_url: str | None = None) -> None:
        self.home = servers.folder()
        self._environment = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
        self._environment |= {"ROSTER_HOME": str(self.home), "PARAMETERS": f"RateLimitsPercent=100000 {parameters}"}
        self._environment |= {"DATABASE_URL": database_url} if database_url else {}
        self.facts: dict[str, Any] = {}
        self.port = ports.free_port()  # the same in each run: the address is the issuer of the tokens

    def start(self) -> None:
        command = [sys.executable, "-m", "local", "--port", str(self.port)]
        with (self.home / "terminal.txt").open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=output, stderr=output, start_new_session=True
            )
        until = time.monotonic() + START_SECONDS
        while not (self.home / "running.json").exists():
            assert self.process.poll() is None, f"it ended: {self.terminal}"
            assert time.monotonic() < until, f"it did not start in time: {self.terminal}"
            time.sleep(0.02)
        self.facts = json.loads((self.home / "running.json").read_text("utf-8"))
        if self.postgres_log.exists() and self.postgres_log not in watch.watched():
            self._write_statements_down()

    def _write_statements_down(self) -> None:
        """Let its PostgreSQL log every statement from now on, after the next start, too."""
        password = json.loads((self.postgres_log.parent / "passwords.json").read_text("utf-8"))[SUPERUSER]
        admin_url = url_of(SUPERUSER, password, urlsplit(self.database_url).port or 0, SUPERUSER)
        for name, value in statement_log.SETTINGS.items():
            servers.execute(admin_url, f"ALTER SYSTEM SET {name} = '{value}'")
        servers.execute(admin_url, "SELECT pg_reload_conf()")
        watch.begin(self.postgres_log)

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def close(self) -> None:
        """Stop what runs and forget the data."""
        if self.process.poll() is None:
            self.interrupt()
        watch.end(self.postgres_log)
        shutil.rmtree(self.home)

    @property
    def postgres_log(self) -> Path:
        return Home(self.home).postgres / "postgres.log"

    @property
    def url(self) -> str:
        return str(self.facts["url"])

    @property
    def database_url(self) -> str:
        return str(self.facts["database_url"])

    @property
    def log(self) -> list[dict[str, Any]]:
        """What the handlers logged so far."""
        return [json.loads(line) for line in (self.home / "server.log").read_text("utf-8").splitlines()]

    @property
    def terminal(self) -> str:
        return (self.home / "terminal.txt").read_text("utf-8")

    def processes(self) -> list[psutil.Process]:
        """Return the server's process and all that it started."""
        server = psutil.Process(self.process.pid)
        return [server, *server.children(recursive=True)]


@contextlib.contextmanager
def running(parameters: str = "", database_url: str | None = None) -> Iterator[LocalServer]:
    """Run a server of the caller's own."""
    server = LocalServer(parameters, database_url)
    try:
        server.start()
        yield server
    finally:
        server.close()
