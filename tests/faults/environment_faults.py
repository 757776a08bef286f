"""Faults of environments: frozen, killed, with clocks that are wrong."""

import functools
from collections.abc import Iterator

from tests.faults.fault import Fault, Step, fault, nothing
from tests.faults.stage import Stage

environment_fault = functools.partial(fault, of="environments")

_SKEW_SECONDS = 15.0
_JUMPS_SECONDS = (-7200.0, -60.0, -1.0, 1.0, 60.0, 7200.0)


@environment_fault("F11", "environments are frozen for a while", seconds=8)
def frozen(stage: Stage) -> Iterator[Step]:
    def freeze() -> None:
        each = stage.chance.choice(stage.environments)
        each.freeze()
        stage.wait(stage.chance.choice((0.05, 0.5, 1.5, 3.0)))
        each.thaw()

    yield freeze


@environment_fault("F11", "all environments are frozen for longer than anything lasts", seconds=6)
def all_frozen(stage: Stage) -> Iterator[Step]:
    for each in stage.environments:
        each.freeze()
    yield nothing
    for each in stage.environments:
        each.thaw()


@environment_fault("F11", "clocks jump", felt=False)
def clocks_jump(stage: Stage) -> Iterator[Step]:
    yield lambda: stage.chance.choice(stage.environments).set_clock(stage.chance.choice(_JUMPS_SECONDS))
    _set_right(stage)


@environment_fault("F18", "clocks are up to 30 s apart", seconds=6, felt=False)
def clocks_apart(stage: Stage) -> Iterator[Step]:
    for each in stage.environments:
        each.set_clock(stage.chance.uniform(-_SKEW_SECONDS, _SKEW_SECONDS))
    yield nothing
    _set_right(stage)


@environment_fault("F12", "environments are killed")
def killed(stage: Stage) -> Iterator[Step]:
    def kill() -> None:
        stage.chance.choice(stage.environments).kill()
        stage.wait(1.0)

    yield kill


@environment_fault("F12", "environments are killed at COMMIT, before or after", seconds=8)
def killed_at_commit(stage: Stage) -> Iterator[Step]:
    def kill() -> None:
        writer = stage.chance.choice(stage.writers)
        hands_on = stage.chance.random() < 0.5
        stage.ways.cut_at(writer.way_to_postgres, "COMMIT", hands_on=hands_on, kill=writer.pid)
        stage.wait(1.5)

    yield kill
    stage.lead_to_postgres()


def _set_right(stage: Stage) -> None:
    for each in stage.environments:
        each.set_clock(0)


ALL: list[Fault] = [each for each in list(vars().values()) if isinstance(each, Fault)]
