"""An ended session is ended for everyone at once, whatever befalls Redis, the writers or the readers meanwhile."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import race_of_sessions
from tests.faults.findings import Kind, tally
from tests.faults.race_faults import FAULTS
from tests.faults.race_of_sessions import Raced
from tests.faults.racing import Conditions, Racers
from tests.security.progress import IN_FULL
from tests.servers import Servers

pytestmark = pytest.mark.integration

SECONDS = 60.0 if IN_FULL else 3.0
ROUNDS = 2 if IN_FULL else 1

Racing = Callable[..., Raced]


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    with contextlib.closing(race_of_sessions.racers()) as racers:
        yield racers


@pytest.fixture
def race(racers: Racers, servers: Servers, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Racing:
    def run(fault: str, *, seed: int = 1, seconds: float = SECONDS, mutant: str = "") -> Raced:
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        conditions = Conditions(fault, seed, seconds, mutant, mutant_lease_seconds=1.5)
        with servers.postgres(18).database() as url:
            raced = race_of_sessions.run(racers, conditions, url, folder)
        if IN_FULL:
            with capsys.disabled():
                sys.stderr.write(f"\n  {mutant or 'the fence'}, {fault}, seed {seed}: {raced.told}\n")
        return raced

    return run


@pytest.mark.parametrize("seed", range(1, ROUNDS + 1))
@pytest.mark.parametrize("fault", FAULTS)
def test_nobody_is_let_in_after_an_end_was_acknowledged(fault: str, seed: int, race: Racing) -> None:
    raced = race(fault, seed=seed)
    assert [each for each in raced.findings if each.kind != Kind.NON_MONOTONE_WHILE_DISTURBED] == []
    assert raced.looks > 500
    assert raced.ends > 20
    assert raced.looks - raced.asked > 100, "the cache was of use"


@pytest.mark.parametrize(
    ("mutant", "fault"),
    [
        ("cache-aside", "writers cut off from Redis"),
        ("no hold", "writers cut off from Redis"),
        ("no server check", "split brain"),
    ],
)
def test_a_fence_without_one_of_its_rules_is_found_out(mutant: str, fault: str, race: Racing) -> None:
    assert any(
        Kind.OUTLIVED in tally(race(fault, seed=seed, seconds=3, mutant=mutant).findings) for seed in range(1, 6)
    )
