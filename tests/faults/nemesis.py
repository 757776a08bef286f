"""The nemesis: faults in an order of chance, alone or in pairs, each once a round, and time to recover between."""

import contextlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from tests.faults import environment_faults, postgres_faults, redis_faults
from tests.faults.fault import Fault, Step
from tests.faults.stage import Stage

ALL: Sequence[Fault] = (*redis_faults.ALL, *postgres_faults.ALL, *environment_faults.ALL)
_ROUND_SECONDS = 1200.0
_PAUSE_SECONDS_MIN = 1.0
_STEP_SECONDS = 0.05


Blow = tuple[Fault, ...]
"""What is made at once."""


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
    """
    Strikes for about *seconds*, longer if *faults* need it; `current` says what it is at.

    In *pairs* two faults of different kinds begin at once, each with another one in each round.
    """

    def __init__(self, stage: Stage, seconds: float, faults: Sequence[Fault] = ALL, *, pairs: bool = False) -> None:
        self._stage, self._over = stage, stage.over
        plan: list[Blow] = []
        rounds = max(1, round(seconds / (_ROUND_SECONDS / 2 if pairs else _ROUND_SECONDS)))
        for _ in range(rounds):
            in_order = stage.chance.sample(faults, len(faults))
            plan += _paired(in_order, stage.chance) if pairs else [(each,) for each in in_order]
        self._plan = plan
        needed = sum(_seconds(blow) for blow in plan)
        self._pause_seconds = max(_PAUSE_SECONDS_MIN, (seconds - needed) / (len(plan) + 1))
        self.seconds = needed + self._pause_seconds * (len(plan) + 1)
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

    def _strike(self, blow: Blow) -> None:
        self.current = " and ".join(f"{each.number} {each.what}" for each in blow)
        began, failures, recovered = time.monotonic_ns(), self._stage.failures(), None
        try:
            with contextlib.ExitStack() as made:
                steps = [made.enter_context(each.strike(self._stage)) for each in blow]
                self._last(_seconds(blow), steps)
            recovered = self._stage.seconds_until_all_work()
            self._stage.forgive_moved_fences()
        except Exception as error:  # noqa: BLE001 (a fault that cannot be made is told, and the others are made)
            self.troubles.append(f"{self.current}: {error!r}")
        failures = self._stage.failures() - failures
        ended = time.monotonic_ns()
        for each in blow:
            self._note(Struck(each.number, each.what, began, ended, each.disturbs, recovered, failures))
        if failures and not any(each.felt for each in blow):
            self.troubles.append(f"{self.current}: {failures} requests failed")
        self.current = "none"

    def _last(self, seconds: float, steps: Iterable[Step]) -> None:
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at and not self._over.is_set():
            for step in steps:
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


def _paired(faults: Sequence[Fault], chance: Random) -> Iterator[Blow]:
    """Put each fault beside the next one of another kind, those that are left over beside any of another."""
    left = list(faults)
    while left:
        one = left.pop(0)
        other = next((each for each in left if each.of != one.of), None)
        if other:
            left.remove(other)
        else:
            other = chance.choice([each for each in faults if each.of != one.of] or [None])
        yield (one, other) if other else (one,)


def _seconds(blow: Blow) -> float:
    return max(each.seconds for each in blow)
