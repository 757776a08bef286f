"""A fenced cache that lacks one of its rules is found out, and the whole one is not, under the same faults."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import mutants, race_of_users
from tests.faults.findings import Kind, tally
from tests.faults.race_faults import PAUSING
from tests.faults.race_of_users import USERS, Raced
from tests.faults.racing import Conditions, Racers
from tests.servers import Servers

pytestmark = pytest.mark.integration

SECONDS = 2.5
SEEDS = range(1, 9)

CUT_OFF, SPLIT, NOTHING = "writers cut off from Redis", "split brain", "no fault"


MUTANTS_UNDER_FAULTS = [
    ("cache-aside", CUT_OFF),
    ("no fence", CUT_OFF),
    ("no hold", CUT_OFF),
    ("no server check", SPLIT),
    ("no lease", PAUSING),
    ("END before COMMIT", NOTHING),
]

Racing = Callable[..., Raced]


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    with contextlib.closing(race_of_users.racers()) as racers:
        yield racers


@pytest.fixture
def race(racers: Racers, servers: Servers, tmp_path: Path) -> Racing:
    def run(fault: str, seed: int, mutant: str = "") -> Raced:
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        with servers.postgres(18).database() as url:
            return race_of_users.run(racers, Conditions(fault, seed, SECONDS, mutant), url, folder)

    return run


@pytest.mark.parametrize("fault", [NOTHING, PAUSING, CUT_OFF, SPLIT])
def test_the_sound_cache_is_let_pass(fault: str, race: Racing) -> None:
    raced = race(fault, seed=1)
    wrong = [each for each in raced.findings if each.kind != Kind.NON_MONOTONE_WHILE_DISTURBED]
    assert wrong == []
    assert sum(map(len, raced.history.reads.values())) > 100
    assert sum(act.is_acknowledged for act in raced.history.acts) > len(USERS) + 10


def test_each_mutant_is_tried() -> None:
    assert {mutant for mutant, _ in MUTANTS_UNDER_FAULTS} == {"cache-aside", *mutants.MUTANTS}


@pytest.mark.parametrize(("mutant", "fault"), MUTANTS_UNDER_FAULTS)
def test_a_cache_without_one_of_its_rules_is_found_out(mutant: str, fault: str, race: Racing) -> None:
    assert any(Kind.STALE in tally(race(fault, seed, mutant).findings) for seed in SEEDS)
