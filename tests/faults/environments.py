"""The environments of a campaign: started, frozen, killed and started again, each with a clock of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from local.processes import keep_going, wait_until
from tests import environment
from tests.faults.board import Board, Slot
from tests.faults.orders_of_environment import Orders
from tests.structure.project import LAYER, ROOT

_START_SECONDS = 60
_LEASE_SECONDS = 1


def way_to_postgres(number: int) -> str:
    return f"postgres-{number}"


def way_to_redis(number: int) -> str:
    return f"redis-{number}"


class Environment:
    """One place, in which one process stands after the other."""

    def __init__(self, orders: Orders, settings: Mapping[str, str], board: Board) -> None:
        self.number = orders.number
        self.writes = orders.writes
        self.way_to_postgres, self.way_to_redis = way_to_postgres(orders.number), way_to_redis(orders.number)
        self._orders, self._board = orders, board
        self._variables = {
            **os.environ,
            **environment.SETTINGS,
            "CACHE_LEASE_SECONDS": str(_LEASE_SECONDS),
            "PYTHONPATH": f"{LAYER}:{ROOT}",
            "PYTHONHASHSEED": str(orders.seed % 2**32),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._log = Path(orders.folder) / f"environment-{orders.number}.log"

    def start(self) -> None:
        """Start a process here; `is_ready` says when it works."""
        self._board.set(self.number, Slot.READY, 0)
        with self._log.open("ab") as log:
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.environment_process"],
                cwd=ROOT,
                env=self._variables,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(self._orders)).encode() + b"\n")
        process.stdin.close()
        self._orders = replace(self._orders, generation=self._orders.generation + 1)

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def is_ready(self) -> bool:
        return self._board.get(self.number, Slot.READY) == self.pid

    @property
    def has_died(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def freeze(self) -> None:
        self._board.count(self.number, Slot.FREEZES)
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)
        self._board.count(self.number, Slot.FREEZES)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def set_clock(self, seconds: float) -> None:
        """Let its wall clock be wrong by so much from now on."""
        self._board.set(self.number, Slot.CLOCK_MS, int(1000 * seconds))

    def wait(self, seconds: float) -> bool:
        """Return whether it ended by itself in time."""
        return wait_until(lambda: self.has_died, seconds, keep_going)

    def close(self) -> None:
        self._send(signal.SIGCONT)
        self._send(signal.SIGKILL)
        if self._process:
            self._process.communicate()

    def _send(self, sent: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(sent)


class Supervisor:
    """Starts again whoever died, as Lambda does."""

    def __init__(self, environments: list[Environment]) -> None:
        self.environments = environments
        self.deaths = 0
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch)

    def start(self) -> None:
        for each in self.environments:
            each.start()
        ready = wait_until(lambda: all(each.is_ready for each in self.environments), _START_SECONDS, keep_going)
        assert ready, "the environments did not start: see their logs"
        self._watching.start()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            for each in self.environments:
                if each.has_died:
                    self.deaths += 1
                    each.start()

    def stop_watching(self) -> None:
        self._over.set()
        if self._watching.is_alive():
            self._watching.join()

    def end(self, seconds: float) -> bool:
        """Wait until all have ended by themselves, and return whether they did."""
        self.stop_watching()
        return all(each.wait(seconds) for each in self.environments)

    def close(self) -> None:
        self.stop_watching()
        for each in self.environments:
            each.close()
