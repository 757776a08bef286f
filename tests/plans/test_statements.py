"""Every statement of every adapter uses indexes, memory and few buffers, on tables that hold something."""

import pytest

from benchmarks.plans import verdict
from benchmarks.plans.depth import Deep, measure
from benchmarks.plans.lists import lists
from benchmarks.plans.run import Line, complaints
from benchmarks.plans.tables import CONSTANT, all_of
from tests.plans.conftest import SIZE
from tests.servers import execute

pytestmark = pytest.mark.integration

_ROWS = "SELECT relname, reltuples FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def test_every_statement_is_run_and_keeps_to_its_bounds(lines: list[Line]) -> None:
    assert complaints(lines) == []


def test_a_statement_that_no_case_runs_is_missed(lines: list[Line]) -> None:
    name = "users.list_statements.BY_ADDRESS"
    assert complaints([line for line in lines if line.statement != name]) == [
        f"{name} was not seen: it needs a case in benchmarks/plans/cases"
    ]


def test_no_statement_is_judged_on_a_table_that_is_nearly_empty(loaded_url: str) -> None:
    rows = {str(name): float(str(count)) for name, count in execute(loaded_url, _ROWS)}
    assert rows.keys() == CONSTANT | {table.name for table in all_of(SIZE)}
    assert {name: count for name, count in rows.items() if name not in CONSTANT and count < 2000} == {}


@pytest.mark.parametrize("deep", lists(SIZE), ids=lambda deep: deep.name)
def test_a_page_costs_the_same_at_any_depth(deep: Deep, loaded_url: str) -> None:
    measured = measure(loaded_url, deep)
    assert list(verdict.too_dear(measured, in_time=False)) == []
    assert measured[-1].depth >= 18_000
    assert measured[-1].offset.buffers > 3 * measured[-1].keyset.buffers, "or OFFSET would have done"
