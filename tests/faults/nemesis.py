"""The nemesis: one fault after the other, drawn by chance, each at least once a round, and time to recover between."""

import json
import time
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from tests.faults import environment_faults, postgres_faults, redis_faults
from tests.faults.fault import Fault, Step
from tests.faults.stage import Stage

ALL: Sequence[Fault] = (*redis_faults.ALL, *postgres_faults.ALL, *environment_faults.ALL)
_ROUND_SECONDS = 1200.0
_PAUSE_SECONDS_MIN = 1.0
_STEP_SECONDS = 0.05


class Struck(NamedTuple):
    """A fault that was, on the clock of the notes: after how many seconds all worked, how many requests failed."""

    fault: str
    what: str
    began: int
    ended: int
    disturbs: bool
    recovered_seconds: float | None
    failures: int


class Nemesis:
    """Strikes for about *seconds*, longer if *faults* need it; `current` says which one it is at."""

    def __init__(self, stage: Stage, seconds: float, faults: Sequence[Fault] = ALL) -> None:
        self._stage, self._faults, self._over = stage, faults, stage.over
        rounds = max(1, round(seconds / _ROUND_SECONDS))
        needed = rounds * sum(each.seconds for each in faults)
        self._pause_seconds = max(_PAUSE_SECONDS_MIN, (seconds - needed) / (rounds * len(faults) + 1))
        self.seconds = needed + self._pause_seconds * (rounds * len(faults) + 1)
        self._plan = [each for _ in range(rounds) for each in _shuffled(faults, stage.chance)]
        self._file = stage.folder / "nemesis.jsonl"
        self.current = "none"
        self.struck: list[Struck] = []
        self.troubles: list[str] = []

    def run(self) -> None:
        """Strike until the plan is done, or the campaign is broken off."""
        for each in self._plan:
            self._over.wait(self._pause_seconds)
            if self._over.is_set():
                return
            self._strike(each)
        self._over.wait(self._pause_seconds)

    def _strike(self, fault: Fault) -> None:
        self.current = f"{fault.number} {fault.what}"
        began, failures, recovered = time.monotonic_ns(), self._stage.failures(), None
        try:
            with fault.strike(self._stage) as step:
                self._last(fault.seconds, step)
            recovered = self._stage.seconds_until_all_work()
            self._stage.forgive_moved_fences()
        except Exception as error:  # noqa: BLE001 (a fault that cannot be made is told, and the others are made)
            self.troubles.append(f"{self.current}: {error!r}")
        failures = self._stage.failures() - failures
        ended = time.monotonic_ns()
        self._note(Struck(fault.number, fault.what, began, ended, fault.disturbs, recovered, failures))
        if failures and not fault.felt:
            self.troubles.append(f"{self.current}: {failures} requests failed")
        self.current = "none"

    def _last(self, seconds: float, step: Step) -> None:
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at and not self._over.is_set():
            self._try(step)
            self._over.wait(_STEP_SECONDS)

    def _try(self, step: Step) -> None:
        """Do a step; one that fails must not keep the fault from being undone."""
        try:
            step()
        except Exception as error:  # noqa: BLE001 (see above)
            self.troubles.append(f"{self.current}: {error!r}")

    def _note(self, struck: Struck) -> None:
        self.struck.append(struck)
        if struck.recovered_seconds is None:
            self.troubles.append(f"{struck.fault} {struck.what}: somebody did not work again")
        with self._file.open("a") as opened:
            opened.write(json.dumps(struck._asdict()) + "\n")


def _shuffled(faults: Sequence[Fault], chance: Random) -> Iterator[Fault]:
    yield from chance.sample(faults, len(faults))
