"""Everybody asks for everything in every way: each answer is the one that the policy of the routes calls for."""

from collections.abc import Callable, Iterator

import pytest
from roster.api import policy

from tests.handlers import world as worlds
from tests.handlers.world import World
from tests.security.matrix import cells, faults, judges, runner
from tests.security.matrix.cast import Cast
from tests.security.matrix.cells import Cell
from tests.security.matrix.runner import Outcome

AT_LEAST = 30_000
# The targets that a fault is looked for with.
TELLING = ("", "own", "another's", "missing", "own, another's order")

every_judge = pytest.mark.parametrize("judge", judges.JUDGES, ids=lambda judge: judge.__name__)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield World(monkeypatch)
    worlds.forget()


@pytest.fixture(scope="module")
def outcomes() -> Iterator[list[Outcome]]:
    """Ask every cell once."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield asked(World(monkeypatch), lambda _: True)
    worlds.forget()


def asked(world: World, is_wanted: Callable[[Cell], bool]) -> list[Outcome]:
    return list(runner.run(filter(is_wanted, cells.all_of_them(Cast(world))), world))


def test_there_are_enough_cells_and_no_two_are_the_same(outcomes: list[Outcome]) -> None:
    assert len({outcome.cell.name for outcome in outcomes}) == len(outcomes) >= AT_LEAST


@every_judge
def test_no_cell_is_wrong(judge: Callable[[list[Outcome]], list[str]], outcomes: list[Outcome]) -> None:
    assert judge(outcomes) == []


def test_where_registration_is_closed_it_is_for_admins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRATION", "closed")
    found = asked(world, lambda cell: policy.who_may(cell.method, cell.path) is policy.Who.ANYONE_WHERE_OPEN)
    assert judges.wrong_statuses(found, registration_is_open=False) == judges.wrong_changes(found) == []
    assert {outcome.answer.status for outcome in found} >= {201, 401, 403, 422}


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_a_planted_fault_is_found(fault: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, finder, variant = faults.FAULTS[fault]
    plant(monkeypatch)
    assert finder(asked(world, lambda cell: cell.variant.name == variant and cell.target.name in TELLING))
