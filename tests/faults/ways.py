"""The ways to the servers, one for each environment and server: in a process of their own, steered line by line."""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence

from tests.structure.project import ROOT

ANSWERS_SECONDS = 10


class Ways:
    """Steers the process; each name has a port that leads nowhere at first."""

    def __init__(self, names: Sequence[str]) -> None:
        command = [sys.executable, "-m", "tests.faults.ways_process"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self._lock = threading.Lock()
        self.ports: dict[str, int] = self._told(list(names))

    def point_to(self, name: str, target: int | None) -> None:
        """Lead elsewhere from now on, or to nobody; connections that are open are cut, other faults are over."""
        self._told([name, "point_to", target])

    def swallow(self, name: str) -> None:
        """Lose all that is sent from now on."""
        self._told([name, "swallow"])

    def delay(self, name: str, seconds: float) -> None:
        """Let everything arrive so much later."""
        self._told([name, "delay", seconds])

    def cut(self, name: str) -> None:
        """Cut the connections that are open."""
        self._told([name, "cut"])

    def cut_at(self, name: str, mark: str, *, hands_on: bool, kill: int = 0) -> None:
        """Cut at the next *mark* from a client, which is handed on before or not; *kill* is a process to end then."""
        self._told([name, "cut_at", mark, hands_on, kill])

    def close(self) -> None:
        self._process.communicate(timeout=ANSWERS_SECONDS)

    def _told(self, order: object) -> "dict[str, int]":
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            answer: dict[str, int] = json.loads(self._process.stdout.readline())
        return answer
