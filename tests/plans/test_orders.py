"""Pages of orders: totals come from an index alone, and of no other orders than those of the page."""

from collections.abc import Iterator
from typing import Any

import pytest
from roster.orders import statements
from roster.orders.models import Filters

from benchmarks.plans.sample import HEAVIEST_ID
from tests.servers import connected

pytestmark = pytest.mark.integration

LIMIT = 101
FIRST = {"user_id": HEAVIEST_ID, **Filters()._asdict(), "after_created_at": None, "after_id": None, "limit": LIMIT}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def explained(url: str, statement: str) -> list[dict[str, Any]]:
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", FIRST)
        row = cursor.fetchone()
    assert row
    return list(nodes(row[0][0]["Plan"]))


def reading_items(url: str, statement: str = statements.PAGE) -> dict[str, Any]:
    (found,) = [node for node in explained(url, statement) if node.get("Relation Name") == "order_items"]
    return found


def test_totals_are_read_from_the_index_alone(loaded_url: str) -> None:
    node = reading_items(loaded_url)
    assert (node["Node Type"], node["Index Name"]) == ("Index Only Scan", "order_items_pkey")
    assert node["Actual Loops"] == LIMIT


def test_a_total_that_needs_the_table_is_found(loaded_url: str) -> None:
    planted = statements.PAGE.replace("sum(quantity * unit_price)", "sum(quantity * unit_price * char_length(sku))")
    assert reading_items(loaded_url, planted)["Node Type"] == "Index Scan"


def test_a_row_costs_ten_buffers_at_most(loaded_url: str) -> None:
    whole = explained(loaded_url, statements.PAGE)[0]
    assert whole["Actual Rows"] == LIMIT
    assert whole["Shared Hit Blocks"] + whole["Shared Read Blocks"] <= 10 * LIMIT
