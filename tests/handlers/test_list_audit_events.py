"""GET /api/audit: who changed what, newest first, for admins."""

from typing import Any

import pytest
from roster.infrastructure import origin
from roster.infrastructure.origin import Origin

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.fake_trail import record
from tests.handlers.world import ADA, ADMIN, World

FIELDS = {
    "id", "occurred_at", "actor_id", "session_id", "source_ip", "request_id", "action", "subject_id", "before", "after",
}  # fmt: skip


def listed(world: World, **query: str | list[str]) -> dict[str, Any]:
    return world.call("list_audit_events", an_event(path="/api/audit", caller=ADMIN, query=query))


def ids(response: dict[str, Any]) -> list[int]:
    return [event["id"] for event in assert_answer(response, 200)["items"]]


@pytest.fixture
def five(world: World) -> World:
    """Return a world in which five things happened to five users."""
    world.tables.events.clear()
    for number in range(1, 6):
        with origin.within(Origin(number % 2 or None, "s", "203.0.113.7", "r")):
            record(world.tables, "user.changed" if number < 4 else "user.erased", number, {"name": "A"}, {"name": "B"})
    return world


def test_an_admin_sees_what_happened(five: World) -> None:
    page = assert_answer(listed(five), 200)
    assert page.keys() == {"items", "next_cursor"}
    event = page["items"][-1]
    assert event.keys() == FIELDS
    assert (event["actor_id"], event["action"], event["subject_id"]) == (1, "user.changed", 1)
    assert (event["before"], event["after"]) == ({"name": "A"}, {"name": "B"})
    assert event["occurred_at"].endswith("Z")


@pytest.mark.parametrize("query", [{}, {"limit": "1"}, {"subject_id": "1"}, {"actor_id": "1"}])
def test_anyone_else_is_refused_before_any_look_even_for_their_own(query: dict[str, str], world: World) -> None:
    world.tables.calls.clear()
    response = world.call("list_audit_events", an_event(path="/api/audit", caller=ADA, query=query))
    assert_envelope(response, 403, "not_allowed")
    assert "trail.page" not in world.tables.calls


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_following_the_cursor_shows_everything_once_newest_first(limit: int, five: World) -> None:
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        response = listed(five, limit=str(limit), **({"cursor": cursor} if cursor else {}))
        seen += ids(response)
        cursor = assert_answer(response, 200)["next_cursor"]
    assert seen == [5, 4, 3, 2, 1]


def test_the_next_page_is_linked_with_its_filters(five: World) -> None:
    response = listed(five, limit="2", action="user.changed")
    cursor = assert_answer(response, 200)["next_cursor"]
    address = "/dev/api/audit?limit=2&action=user.changed"
    assert response["headers"]["Link"] == f'<{address}&cursor={cursor}>; rel="next", <{address}>; rel="first"'
    assert "Link" not in listed(five, limit="5")["headers"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"subject_id": "3"}, [3]),
        ({"actor_id": "1"}, [5, 3, 1]),
        ({"action": "user.erased"}, [5, 4]),
        ({"actor_id": "1", "action": "user.erased"}, [5]),
        ({"subject_id": "9"}, []),
    ],
)
def test_filters_choose(query: dict[str, str], expected: list[int], five: World) -> None:
    assert ids(listed(five, **query)) == expected


@pytest.mark.parametrize("name", ["subject_id", "actor_id"])
@pytest.mark.parametrize(
    "value", ["", "0", "-1", "01", "1.0", "abc", "１", "me", "null", str(2**63), "9" * 30, "s3cret"]
)
def test_what_is_no_id_is_refused(name: str, value: str, world: World) -> None:
    response = listed(world, **{name: value})
    assert_envelope(response, 422, "invalid_input", f"query.{name}")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("action", ["", "user", "user.", "USER.CHANGED", "user.changed ", "s3cret"])
def test_an_action_that_nobody_records_is_refused(action: str, world: World) -> None:
    response = listed(world, action=action)
    assert_envelope(response, 422, "invalid_input", "query.action")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("limit", ["", "0", "101", "-1", "1.5", "abc", "１"])
def test_a_limit_out_of_bounds_is_refused(limit: str, world: World) -> None:
    assert_envelope(listed(world, limit=limit), 422, "invalid_input", "query.limit")


def test_a_cursor_of_the_list_of_users_does_not_fit_here_nor_the_other_way_round(five: World) -> None:
    for number in range(2):
        five.add(f"{number}@example.com")
    users = five.call("list_users", an_event(path="/api/users", caller=ADMIN, query={"limit": "1"}))
    of_users = assert_answer(users, 200)["next_cursor"]
    of_events = assert_answer(listed(five, limit="1"), 200)["next_cursor"]
    assert_envelope(listed(five, cursor=of_users), 422, "invalid_input", "query.cursor")
    response = five.call("list_users", an_event(path="/api/users", caller=ADMIN, query={"cursor": of_events}))
    assert_envelope(response, 422, "invalid_input", "query.cursor")


_FILTERS: list[dict[str, str]] = [
    {},
    {"subject_id": "1"},
    {"actor_id": "1"},
    {"action": "user.changed"},
    {"subject_id": "1", "action": "user.changed"},
]


@pytest.mark.parametrize("query", _FILTERS)
def test_a_cursor_belongs_to_its_filters(query: dict[str, str], five: World) -> None:
    for number in range(2):
        with origin.within(Origin(1)):
            record(five.tables, "user.changed", 1, {"name": str(number)}, {"name": "B"})
    cursor = assert_answer(listed(five, limit="1", **query), 200)["next_cursor"]
    for others in _FILTERS:
        response = listed(five, cursor=cursor, **others)
        if others == query:
            assert ids(response)
        else:
            assert_envelope(response, 422, "invalid_input", "query.cursor")


def test_a_cursor_beside_a_bad_filter_is_no_bug(five: World) -> None:
    cursor = assert_answer(listed(five, limit="1"), 200)["next_cursor"]
    assert_envelope(listed(five, cursor=cursor, actor_id="x"), 422, "invalid_input", "query.actor_id")


@pytest.mark.parametrize("cursor", ["", "abc", "eyJiZWZvcmUiOiAwfQ==", "W1tb" * 2000, "é", "s3cret"])
def test_a_cursor_that_was_made_up_is_refused(cursor: str, world: World) -> None:
    response = listed(world, cursor=cursor)
    assert_envelope(response, 422, "invalid_input", "query.cursor")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("name", ["from", "to", "before", "request_id", "source_ip", "Action"])
def test_a_parameter_that_nobody_knows_is_refused(name: str, world: World) -> None:
    assert_envelope(listed(world, **{name: "1"}), 422, "invalid_input", f"query.{name}")


def test_head_answers_as_get_without_the_body(five: World) -> None:
    query = {"limit": "2"}
    get = five.call("list_audit_events", an_event("GET", "/api/audit", ADMIN, query=query))
    assert five.call("list_audit_events", an_event("HEAD", "/api/audit", ADMIN, query=query)) == get | {"body": ""}
