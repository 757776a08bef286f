"""The contract of `Trail`: newest first, by keyset, filtered; and what a page costs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from roster.audit import postgres
from roster.audit.models import AuditEvent, Filters
from roster.infrastructure import origin
from roster.infrastructure.database import Database
from roster.infrastructure.origin import Origin

from tests.contracts.conftest import Stores
from tests.servers import execute

EVERYTHING = Filters()
FROM_AFAR = Origin(7, "a session", "203.0.113.7", "a request")


def ids(events: list[AuditEvent]) -> list[int]:
    return [event.id for event in events]


def recorded(stores: Stores, count: int) -> None:
    for number in range(count):
        with origin.within(Origin(actor_id=number % 2 or None)):
            stores.record("user.changed" if number % 3 else "user.erased", number % 5)


def test_nothing_happened_at_first(stores: Stores) -> None:
    assert stores.trail.page(EVERYTHING, None, 10) == []


def test_an_event_says_who_did_what_to_whom_when_and_from_where(stores: Stores) -> None:
    with origin.within(FROM_AFAR):
        stores.record("user.erased", 3)
    (event,) = stores.trail.page(EVERYTHING, None, 10)
    assert (event.actor_id, event.session_id, event.source_ip, event.request_id) == FROM_AFAR
    assert (event.action, event.subject_id, event.before, event.after) == ("user.erased", 3, None, None)
    assert timedelta(seconds=-1) < datetime.now(UTC) - event.occurred_at < timedelta(seconds=30)


def test_work_of_nobody_says_so(stores: Stores) -> None:
    stores.record("user.erased", 3)
    (event,) = stores.trail.page(EVERYTHING, None, 10)
    assert (event.actor_id, event.session_id, event.source_ip, event.request_id) == (None, None, None, "none")


def test_the_newest_comes_first(stores: Stores) -> None:
    recorded(stores, 4)
    assert ids(stores.trail.page(EVERYTHING, None, 10)) == [4, 3, 2, 1]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_page_after_page_shows_each_event_once(stores: Stores, limit: int) -> None:
    recorded(stores, 7)
    seen: list[int] = []
    while page := stores.trail.page(EVERYTHING, seen[-1] if seen else None, limit):
        assert len(page) <= limit
        seen += ids(page)
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_what_happens_while_somebody_reads_moves_no_page(stores: Stores) -> None:
    recorded(stores, 4)
    first = ids(stores.trail.page(EVERYTHING, None, 2))
    recorded(stores, 3)
    assert ids(stores.trail.page(EVERYTHING, first[-1], 2)) == [2, 1]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(subject_id=2), [13, 8, 3]),
        (Filters(actor_id=1), [14, 12, 10, 8, 6, 4, 2]),
        (Filters(action="user.erased"), [13, 10, 7, 4, 1]),
        (Filters(subject_id=2, actor_id=1), [8]),
        (Filters(subject_id=2, action="user.changed"), [8, 3]),
        (Filters(subject_id=3, actor_id=1, action="user.erased"), [4]),
        (Filters(subject_id=999), []),
        (Filters(actor_id=2**63 - 1), []),
        (Filters(action="password.changed"), []),
    ],
)
def test_filters_choose_and_all_of_them_have_to_fit(stores: Stores, filters: Filters, expected: list[int]) -> None:
    recorded(stores, 14)
    assert ids(stores.trail.page(filters, None, 100)) == expected
    assert ids(stores.trail.page(filters, 8, 100)) == [event_id for event_id in expected if event_id < 8]


_MANY = 60_000
# Thousands of users, of whom some admins do most; some kinds of events are rare.
_FILL = f"""
    INSERT INTO audit_events (actor_id, request_id, action, subject_id)
    SELECT CASE WHEN number % 3 = 0 THEN number % 200 END, 'x',
        CASE number % 500 WHEN 0 THEN 'user.erased' ELSE 'user.changed' END, number % 1000
    FROM generate_series(1, {_MANY}) AS number
"""
_INDEXES = {
    EVERYTHING: "audit_events_pkey",
    Filters(subject_id=3): "audit_events_subject",
    Filters(actor_id=3): "audit_events_actor",
    Filters(action="user.erased"): "audit_events_action",
}


@pytest.mark.integration
@pytest.mark.parametrize("before_id", [None, _MANY * 3 // 4, _MANY // 2])
def test_a_page_is_read_along_one_index_wherever_it_is(filled: Database, before_id: int | None) -> None:
    for filters, index in _INDEXES.items():
        scan = plan_of(filled, filters, before_id)
        assert (scan["Node Type"], scan.get("Index Name")) == ("Index Scan", index)
        assert "Rows Removed by Filter" not in scan
        assert scan["Shared Hit Blocks"] + scan["Shared Read Blocks"] <= 30


def plan_of(database: Database, filters: Filters, before_id: int | None) -> dict[str, Any]:
    """Return how PostgreSQL looked into the table to find a page."""
    statement = postgres._PAGE if filters == EVERYTHING else postgres._PAGE_FILTERED
    values = {**filters._asdict(), "before_id": before_id, "limit": 21}
    (plan,) = database.fetch_one(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values) or ()
    node: dict[str, Any] = plan[0]["Plan"]
    while "Relation Name" not in node:
        node = node["Plans"][-1]
    return node


@pytest.fixture
def filled(database: Database, database_url: str) -> Database:
    """Return a database in which much has happened."""
    execute(database_url, _FILL)
    execute(database_url, "ANALYZE audit_events")
    return database
