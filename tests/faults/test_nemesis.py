"""The nemesis makes every fault, undoes it whatever happens, and tells what went wrong."""

import json
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.faults import nemesis
from tests.faults.fault import Fault, Step, fault, nothing
from tests.faults.nemesis import Nemesis
from tests.faults.stage import Stage


class FakeStage:
    """Implements of `Stage` what the nemesis itself asks for; faults do the rest to *log*."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.folder, self.chance, self.over = folder, random.Random(seed), threading.Event()
        self.log: list[str] = []
        self.failed = 0
        self.works_again = True

    def failures(self) -> int:
        return self.failed

    def seconds_until_all_work(self) -> float | None:
        return 0.1 if self.works_again else None

    def forgive_moved_fences(self) -> None:
        self.log.append("forgiven")


def struck(stage: FakeStage, *faults: Fault, pairs: bool = False) -> Nemesis:
    striking = Nemesis(cast(Stage, stage), 0, faults, pairs=pairs)
    striking._pause_seconds = 0
    striking.run()
    return striking


def a_fault(stage: FakeStage, what: str, step: Step = nothing, *, felt: bool = True, of: str = "Redis") -> Fault:
    @fault("F1", what, of=of, seconds=0.01, felt=felt)
    def strike(_: Stage) -> Iterator[Step]:
        stage.log.append(f"{what} made")
        yield step
        stage.log.append(f"{what} undone")

    return strike


@pytest.fixture
def stage(tmp_path: Path) -> FakeStage:
    return FakeStage(tmp_path)


def test_each_fault_is_made_undone_and_noted(stage: FakeStage) -> None:
    striking = struck(stage, a_fault(stage, "one"), a_fault(stage, "two"))
    assert sorted(each for each in stage.log if "forgiven" not in each) == [
        "one made",
        "one undone",
        "two made",
        "two undone",
    ]
    noted = [json.loads(line) for line in (stage.folder / "nemesis.jsonl").read_text().splitlines()]
    assert [(each["what"], each["began"]) for each in noted] == [(each.what, each.began) for each in striking.struck]
    assert all(each.began < each.ended for each in striking.struck)
    assert striking.troubles == []


def test_the_seed_decides_about_the_order(tmp_path: Path) -> None:
    def order(seed: int) -> list[str]:
        striking = Nemesis(cast(Stage, FakeStage(tmp_path, seed)), 0)
        return [each.what for (each,) in striking._plan]

    assert order(1) == order(1) != order(2)
    assert sorted(order(1)) == sorted(order(2)) == sorted(each.what for each in nemesis.ALL)


def test_longer_campaigns_make_every_fault_more_often_and_take_as_long_as_they_should(stage: FakeStage) -> None:
    striking = Nemesis(cast(Stage, stage), 3600)
    assert len(striking._plan) == 3 * len(nemesis.ALL)
    assert striking.seconds == pytest.approx(3600)


def test_in_pairs_two_of_different_kinds_are_made_and_undone_together(stage: FakeStage) -> None:
    faults = [a_fault(stage, "one"), a_fault(stage, "two", of="PostgreSQL")]
    striking = struck(stage, *faults, pairs=True)
    made, undone = stage.log[:2], stage.log[2:4]
    assert sorted(made) == ["one made", "two made"]
    assert undone == [each.replace("made", "undone") for each in reversed(made)]
    first, second = striking.struck
    assert (first.began, first.ended) == (second.began, second.ended)


def test_in_pairs_each_fault_has_another_kind_beside_it(stage: FakeStage) -> None:
    plan = Nemesis(cast(Stage, stage), 0, pairs=True)._plan
    assert {len({each.of for each in blow}) for blow in plan} == {2}
    assert {each.what for blow in plan for each in blow} == {each.what for each in nemesis.ALL}
    assert len(plan) < 0.7 * len(nemesis.ALL)


def test_a_pair_of_which_one_is_felt_may_be_felt(stage: FakeStage) -> None:
    def step() -> None:
        stage.failed += 1

    unfelt = a_fault(stage, "one", step, felt=False)
    assert struck(stage, unfelt, a_fault(stage, "two", of="PostgreSQL"), pairs=True).troubles == []
    other = a_fault(stage, "two", felt=False, of="PostgreSQL")
    assert "requests failed" in struck(stage, unfelt, other, pairs=True).troubles[0]


def test_one_kind_alone_makes_no_pairs(stage: FakeStage) -> None:
    assert [len(blow) for blow in Nemesis(cast(Stage, stage), 0, [a_fault(stage, "one")], pairs=True)._plan] == [1]


def test_a_step_that_fails_keeps_nothing_from_being_undone(stage: FakeStage) -> None:
    def step() -> None:
        raise OSError("no")

    striking = struck(stage, a_fault(stage, "one", step))
    assert stage.log == ["one made", "one undone", "forgiven"]
    assert "one: OSError('no')" in striking.troubles[0]


def test_a_fault_that_cannot_be_made_does_not_stop_the_others(stage: FakeStage) -> None:
    @fault("F1", "impossible", of="Redis", seconds=0.01)
    def impossible(_: Stage) -> Iterator[Step]:
        servers: dict[str, Step] = {}
        yield servers["there is none"]

    striking = struck(stage, impossible, a_fault(stage, "one"))
    assert "one undone" in stage.log
    assert any("impossible: KeyError" in each for each in striking.troubles)


def test_a_failure_under_what_nobody_may_notice_is_told(stage: FakeStage) -> None:
    def step() -> None:
        stage.failed += 1

    assert struck(stage, a_fault(stage, "one", step)).troubles == []
    assert "requests failed" in struck(stage, a_fault(stage, "one", step, felt=False)).troubles[0]


def test_who_does_not_work_again_is_told(stage: FakeStage) -> None:
    stage.works_again = False
    assert "did not work again" in struck(stage, a_fault(stage, "one")).troubles[0]
