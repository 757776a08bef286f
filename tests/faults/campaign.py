"""A campaign: servers, ways and environments, what befalls them, and what is found in the end."""

import contextlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults import nemesis, population, progress, redis_pair
from tests.faults.board import Board
from tests.faults.checker import check
from tests.faults.environments import Environment, Supervisor, way_to_postgres, way_to_redis
from tests.faults.fault import Fault
from tests.faults.findings import Finding, Kind
from tests.faults.nemesis import Nemesis, Struck
from tests.faults.operations import History, read_back
from tests.faults.orders_of_environment import Orders
from tests.faults.postgres_pair import PostgresPair
from tests.faults.redis_pair import RedisPair
from tests.faults.registers import Truth
from tests.faults.stage import Stage
from tests.faults.ways import Ways

READERS, WRITERS = 3, 3
_CALM_SECONDS, _END_SECONDS = 3.0, 20.0
_AFTER_NS = 2_000_000_000
_READER_RATE, _WRITER_RATE = 800.0, 60.0


@dataclass(frozen=True)
class Plan:
    """
    How long, with which seed, and where what is noted lies; *pace* 1 keeps two cores busy.

    With *pairs* two faults are made at once.
    """

    seconds: float
    seed: int
    folder: Path
    pace: float = 1.0
    pairs: bool = False


@dataclass(frozen=True)
class Verdict:
    """What was wrong, in words, and what was done."""

    findings: list[Finding]
    wrong: list[str]
    troubles: list[str]
    struck: list[Struck]
    history: History
    counted: dict[str, int]

    @property
    def is_clean(self) -> bool:
        promised = [each for each in self.findings if each.kind != Kind.NON_MONOTONE_WHILE_DISTURBED]
        return not (promised or self.wrong or self.troubles)


def run(plan: Plan, tell: Callable[[str], None], faults: Sequence[Fault] = nemesis.ALL) -> Verdict:
    """Let the nemesis do what the plan says, and judge everything that was noted."""
    with staged(plan) as stage:
        stage.supervisor.start()
        striking = Nemesis(stage, plan.seconds, faults, pairs=plan.pairs)
        thread = threading.Thread(target=striking.run)
        thread.start()
        try:
            progress.follow(stage, striking, thread, tell)
        except KeyboardInterrupt:
            striking.troubles.append("it was broken off")
        finally:
            stage.over.set()
            thread.join()
        truth = _calmed(stage, striking)
        counted = {slot.name.lower(): stage.board.total(slot) for slot in progress.COUNTED}
        counted["deaths"] = stage.supervisor.deaths
    tell("Judging what was noted …")
    return _judged(plan, striking, truth, counted)


def _calmed(stage: Stage, striking: Nemesis) -> Truth:
    """Let everybody work undisturbed for a moment, end it, and read what is there."""
    stage.lead_to_postgres()
    stage.lead_to_redis()
    time.sleep(_CALM_SECONDS)
    stage.board.end()
    if not stage.supervisor.end(_END_SECONDS):
        striking.troubles.append("an environment did not end by itself")
    return population.truth(stage.postgres.owner_url)


def _judged(plan: Plan, striking: Nemesis, truth: Truth, counted: dict[str, int]) -> Verdict:
    history = read_back(plan.folder)
    disturbed = [(each.began, each.ended + _AFTER_NS) for each in striking.struck if each.disturbs]
    findings = check(history, truth, disturbed)
    wrong = [line for file in sorted(plan.folder.glob("*.wrong")) for line in file.read_text().splitlines()]
    logs = [file.read_text()[-2000:] for file in sorted(plan.folder.glob("environment-*.log"))]
    troubles = striking.troubles + [f"an environment said: {log}" for log in logs if log]
    return Verdict(findings, wrong, troubles, striking.struck, history, counted)


@contextlib.contextmanager
def staged(plan: Plan) -> Iterator[Stage]:
    """Set everything up, with nobody at work yet."""
    plan.folder.mkdir(parents=True, exist_ok=True)
    numbers = range(READERS + WRITERS)
    with contextlib.ExitStack() as stack:
        board = Board(plan.folder / "board")
        postgres = stack.enter_context(contextlib.closing(PostgresPair()))
        redis = stack.enter_context(contextlib.closing(RedisPair()))
        ways = stack.enter_context(
            contextlib.closing(Ways([*map(way_to_postgres, numbers), *map(way_to_redis, numbers)]))
        )
        orders = _orders(plan, *population.settle(postgres.owner_url, plan.folder))
        environments = [Environment(each, _settings(each.number, postgres, ways), board) for each in orders]
        supervisor = stack.enter_context(contextlib.closing(Supervisor(environments)))
        chance = random.Random(plan.seed)
        stage = Stage(plan.folder, board, postgres, redis, ways, supervisor, chance, threading.Event())
        stage.lead_to_postgres()
        stage.lead_to_redis()
        yield stage


def _settings(number: int, postgres: PostgresPair, ways: Ways) -> dict[str, str]:
    return {
        "DATABASE_URL": postgres.url_at(ways.ports[way_to_postgres(number)]),
        "REDIS_URL": redis_pair.url_at(ways.ports[way_to_redis(number)]),
    }


def _orders(plan: Plan, users: list[int], comers: list[int]) -> list[Orders]:
    return [_of_one(plan, number, users, comers) for number in range(READERS + WRITERS)]


def _of_one(plan: Plan, number: int, users: list[int], comers: list[int]) -> Orders:
    place = number - READERS
    writes = place >= 0
    return Orders(
        number=number,
        generation=0,
        peer=READERS + (place + 1) % WRITERS,
        parent=os.getpid(),
        writes=writes,
        seed=plan.seed,
        folder=str(plan.folder),
        users=users,
        comers=comers[place::WRITERS] if writes else [],
        all_comers=comers,
        rate=plan.pace * (_WRITER_RATE if writes else _READER_RATE),
    )
