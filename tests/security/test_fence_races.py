"""An ended session is ended for everyone at once, whatever befalls Redis, the writers or the readers meanwhile."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.security import fence_race
from tests.security.fence_history import Findings
from tests.security.fence_race import FAULTS, Conditions, Outcome, Workers
from tests.security.progress import IN_FULL
from tests.servers import Servers

pytestmark = pytest.mark.integration

SECONDS = 60.0 if IN_FULL else 3.0
ROUNDS = 2 if IN_FULL else 1

NOTHING = Findings([], [], [], [])

# Here writers reach Redis, so that also what is not acknowledged yet is dead for everybody or for nobody.
MONOTONE = ("no fault", "frozen readers")

Racing = Callable[..., Outcome]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with contextlib.closing(Workers()) as workers:
        yield workers


@pytest.fixture
def racing(workers: Workers, servers: Servers, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Racing:
    def race(fault: str, *, seed: int = 1, seconds: float = SECONDS, plant: str = "") -> Outcome:
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        with servers.postgres(18).database() as url:
            outcome = fence_race.run(workers, Conditions(FAULTS[fault], seed, seconds, plant), url, folder)
        if IN_FULL:
            with capsys.disabled():
                sys.stderr.write(f"\n  {plant or 'the fence'}, {fault}, seed {seed}: {outcome.told}\n")
        return outcome

    return race


@pytest.mark.parametrize("seed", range(1, ROUNDS + 1))
@pytest.mark.parametrize("fault", FAULTS)
def test_nobody_is_let_in_after_an_end_was_acknowledged(fault: str, seed: int, racing: Racing) -> None:
    outcome = racing(fault, seed=seed)
    assert outcome.findings._replace(revived=[]) == NOTHING
    assert fault not in MONOTONE or not outcome.findings.revived
    assert outcome.looks > 500
    assert outcome.ends > 20
    assert outcome.looks - outcome.asked > 100, "the cache was of use"


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        ("cache-aside", "writers cut off from Redis"),
        ("no hold", "writers cut off from Redis"),
        ("no server check", "split brain"),
    ],
)
def test_a_fence_without_one_of_its_rules_is_found_out(plant: str, fault: str, racing: Racing) -> None:
    assert any(racing(fault, seed=seed, seconds=3, plant=plant).findings.stale for seed in range(1, 6))
