"""The folder that holds the local data, and who may use it: one server at a time."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.errors import LocalStackError

DEFAULT = ".local"


@dataclass(frozen=True)
class Home:
    """$ROSTER_HOME: data, keys, log, and the facts about the server that runs."""

    folder: Path

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def redis(self) -> Path:
        return self.folder / "redis"

    @property
    def keys(self) -> Path:
        return self.folder / "keys.json"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def running(self) -> Path:
        return self.folder / "running.json"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """
        Hold the folder; the kernel lets go of the lock when this process ends, however that happens.

        Raises:
            LocalStackError: If another server holds it, or the folder cannot be written to.
        """
        try:
            # As root, PostgreSQL's own user must be able to pass.
            self.folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            lock = (self.folder / "server.lock").open("a")
        except OSError as error:
            raise LocalStackError(f"The data folder {self.folder} cannot be used: {error.strerror}.") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LocalStackError(self._taken()) from None
            self.running.unlink(missing_ok=True)  # of a server that was killed
            try:
                yield
            finally:
                self.running.unlink(missing_ok=True)

    def _taken(self) -> str:
        facts: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError):
            facts = json.loads(self.running.read_text())
        where = f" at {facts['url']} (pid {facts['pids']['server']})" if facts else ""
        return (
            f"A local server{where} already uses {self.folder}. Use that one, stop it with Ctrl-C in its terminal, "
            "or give this one a folder of its own: ROSTER_HOME=… PORT=… make start."
        )

    def write_running(self, facts: Mapping[str, Any]) -> None:
        """Tell scripts what runs; only the owner may read it, for it holds passwords."""
        write_private(self.running, json.dumps(facts, indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, in one step."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.replace(path)


def the_home(root: Path) -> Home:
    """Return the home that ROSTER_HOME names; a relative name counts from the project's root."""
    return Home((root / os.environ.get("ROSTER_HOME", DEFAULT)).absolute())
