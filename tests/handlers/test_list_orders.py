"""GET /api/users/{user_id}/orders: pages of orders, newest first, with filters."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from roster.auth.caller import Caller

from tests.builders import an_event, an_order
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, STRANGER, World

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIELDS = {"id", "user_id", "currency", "status", "item_count", "total", "created_at", "updated_at"}


def listed(
    world: World, query: Mapping[str, Any] | None = None, caller: Caller = ADA, user_id: object = 1
) -> dict[str, Any]:
    return world.call("list_orders", an_event("GET", f"/api/users/{user_id}/orders", caller, query=query or {}))


def ids(response: dict[str, Any]) -> list[int]:
    return [order["id"] for order in assert_answer(response, 200)["items"]]


@pytest.fixture
def six(world: World) -> World:
    """Six orders, one an hour from noon on; the two last at the same moment, the even ones paid."""
    for number in range(1, 7):
        time = NOON + timedelta(hours=min(number, 5) - 1)
        status = "pending" if number % 2 else "paid"
        world.tables.orders[number] = an_order(id=number, user_id=1, status=status, created_at=time, updated_at=time)
    return world


@pytest.mark.parametrize("caller", [ADA, ADMIN])
def test_orders_are_shown_with_totals_and_without_items(caller: Caller, six: World) -> None:
    page = assert_answer(listed(six, caller=caller), 200)
    assert page.keys() == {"items", "next_cursor"}
    assert [order.keys() for order in page["items"]] == [FIELDS] * 6
    assert page["items"][0] | {"id": 0} == {
        "id": 0, "user_id": 1, "currency": "EUR", "status": "paid", "item_count": 1, "total": 3998,
        "created_at": "2026-11-22T16:00:00.000Z", "updated_at": "2026-11-22T16:00:00.000Z",
    }  # fmt: skip
    assert [order["id"] for order in page["items"]] == [6, 5, 4, 3, 2, 1]
    assert page["next_cursor"] is None


def test_a_user_without_orders_has_an_empty_page(world: World) -> None:
    assert assert_answer(listed(world), 200) == {"items": [], "next_cursor": None}
    assert assert_answer(listed(world, caller=ADMIN), 200)["items"] == []


def test_twenty_come_unless_more_or_less_are_asked_for(world: World) -> None:
    for number in range(1, 120):
        world.tables.orders[number] = an_order(id=number, user_id=1)
    assert [
        len(ids(response))
        for response in (listed(world), listed(world, {"limit": "1"}), listed(world, {"limit": "100"}))
    ] == [20, 1, 100]


@pytest.mark.parametrize("query", [{}, {"status": "paid"}, {"created_from": "2026-11-22T13:00:00Z"}])
def test_cursor_and_link_lead_through_the_whole_list(query: dict[str, str], six: World) -> None:
    whole, found, cursor = ids(listed(six, query)), list[int](), dict[str, str]()
    for _ in range(10):
        response = listed(six, {"limit": "1", **query, **cursor})
        found += ids(response)
        following = assert_answer(response, 200)["next_cursor"]
        if following is None:
            break
        link = re.match(r'<([^>]+)>; rel="next", <[^>]+>; rel="first"$', response["headers"]["Link"])
        assert link
        parts = urlsplit(link[1])
        assert parts.path == "/dev/api/users/1/orders"
        assert parse_qs(parts.query) == {
            name: [value] for name, value in {"limit": "1", **query, "cursor": following}.items()
        }
        cursor = {"cursor": following}
    assert found == whole
    assert re.fullmatch(r'<[^>]+>; rel="first"', response["headers"]["Link"])


def test_me_and_ones_id_are_one_list(six: World) -> None:
    cursor = assert_answer(listed(six, {"limit": "2"}, user_id="me"), 200)["next_cursor"]
    assert ids(listed(six, {"limit": "2", "cursor": cursor})) == [4, 3]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "paid"}, [6, 4, 2]),
        ({"status": "shipped"}, []),
        ({"created_from": "2026-11-22T15:00:00Z"}, [6, 5, 4]),
        ({"created_from": "2026-11-22T15:00:00.001Z"}, [6, 5]),
        ({"created_to": "2026-11-22T14:00:00Z"}, [2, 1]),
        ({"created_to": "2026-11-22T15:00:00.001+01:00"}, [3, 2, 1]),
        ({"created_from": "2026-11-22T13:00:00Z", "created_to": "2026-11-22T16:00:00Z", "status": "paid"}, [4, 2]),
    ],
)
def test_filters_choose(query: dict[str, str], expected: list[int], six: World) -> None:
    assert ids(listed(six, query)) == expected


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(({"limit": value}, "limit") for value in ("0", "101", "-1", "1e9", "abc", "", " 1", "1.0", "+1")),
        *(({"status": value}, "status") for value in ("lost", "Paid", "", "paid,pending", "s3cret")),
        *(
            ({"created_from": value}, "created_from")
            for value in ("2026-11-22", "yesterday", "", "1795356309", "s3cret")
        ),
        *(({"created_to": value}, "created_to") for value in ("2026-11-22T25:00:00Z", "2026-11-22T12:00:00")),
        ({"created_from": "2026-11-22T13:00:00Z", "created_to": "2026-11-22T12:59:59.999Z"}, "created_to"),
        *(({"cursor": value}, "cursor") for value in ("", "x", "s3cret", "e30=", "A" * 5000)),
        *(({name: "1"}, name) for name in ("sort", "offset", "page", "user_id", "q", "Status")),
        *(({name: ["1", "1"]}, name) for name in ("limit", "cursor", "status", "created_from")),
    ],
)
def test_what_is_wrong_is_named_and_not_echoed(query: dict[str, Any], name: str, six: World) -> None:
    response = listed(six, query)
    assert_envelope(response, 422, "invalid_input", f"query.{name}")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize(
    "others", [{"status": "paid"}, {"created_from": "2026-11-22T00:00:00Z"}, {"created_to": "2027-01-01T00:00:00Z"}]
)
def test_a_cursor_belongs_to_its_filters(others: dict[str, str], six: World) -> None:
    cursor = assert_answer(listed(six, {"limit": "2"}), 200)["next_cursor"]
    assert_envelope(listed(six, {"limit": "2", "cursor": cursor, **others}), 422, "invalid_input", "query.cursor")
    assert ids(listed(six, {"limit": "1", "cursor": cursor})) == [4], "the limit is no part of it"


def test_a_cursor_belongs_to_its_user(six: World) -> None:
    bob = six.add("bob@example.com").id
    cursor = assert_answer(listed(six, {"limit": "2"}), 200)["next_cursor"]
    assert_envelope(listed(six, {"cursor": cursor}, ADMIN, bob), 422, "invalid_input", "query.cursor")


def test_a_stranger_learns_nothing(six: World) -> None:
    for user_id in (1, 999):
        assert_envelope(listed(six, caller=STRANGER, user_id=user_id), 403, "not_allowed")


def test_an_admin_is_told_who_never_existed_and_still_lists_what_an_erased_user_ordered(six: World) -> None:
    assert_envelope(listed(six, caller=ADMIN, user_id=999), 404, "user_not_found")
    six.users.remove(1)
    assert ids(listed(six, caller=ADMIN)) == [6, 5, 4, 3, 2, 1]


def test_head_answers_as_get_without_the_body(six: World) -> None:
    query = {"limit": "2"}
    get = six.call("list_orders", an_event("GET", "/api/users/1/orders", ADA, query=query))
    assert six.call("list_orders", an_event("HEAD", "/api/users/1/orders", ADA, query=query)) == get | {"body": ""}
