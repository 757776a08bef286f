"""GET /api/users: pages of users, filtered and sorted, for admins."""

from typing import Any

import pytest
from roster.users.repository import NewValues

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, ADMIN, USER_FIELDS, World


def listed(world: World, **query: str | list[str]) -> dict[str, Any]:
    return world.call("list_users", an_event(path="/api/users", caller=ADMIN, query=query))


@pytest.fixture
def five(world: World) -> World:
    for number in range(2, 6):
        world.add(f"{number}@example.com")
    return world


def test_an_admin_sees_everyone(five: World) -> None:
    page = assert_answer(listed(five), 200)
    assert page.keys() == {"items", "next_cursor"}
    assert [user["id"] for user in page["items"]] == [1, 2, 3, 4, 5]
    assert all(user.keys() == USER_FIELDS for user in page["items"])
    assert page["next_cursor"] is None


@pytest.mark.parametrize("query", [{}, {"limit": "1"}])
def test_anyone_else_is_refused_before_any_look(query: dict[str, str], world: World) -> None:
    world.tables.calls.clear()
    response = world.call("list_users", an_event(path="/api/users", caller=ADA, query=query))
    assert_envelope(response, 403, "not_allowed")
    assert world.tables.calls == ["standings.find"]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_following_the_cursor_shows_everyone_once(limit: int, five: World) -> None:
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = assert_answer(listed(five, limit=str(limit), **({"cursor": cursor} if cursor else {})), 200)
        assert len(page["items"]) <= limit
        seen += [user["id"] for user in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [1, 2, 3, 4, 5]


def test_the_next_page_is_linked(five: World) -> None:
    response = listed(five, limit="2")
    cursor = assert_answer(response, 200)["next_cursor"]
    assert response["headers"]["Link"] == (
        f'</dev/api/users?limit=2&cursor={cursor}>; rel="next", </dev/api/users?limit=2>; rel="first"'
    )
    assert listed(five, cursor=cursor)["headers"]["Link"] == '</dev/api/users>; rel="first"'
    assert "Link" not in listed(five, limit="5")["headers"]


def test_links_keep_all_that_was_asked_for(five: World) -> None:
    kept = "limit=2&q=%40%25%26%C3%A4+&created_from=2026-01-01T00%3A00%3A00%2B01%3A00&sort=-name"
    five.users.change(2, NewValues(name="@%&ä name"))
    five.users.change(3, NewValues(name="@%&Ä name"))
    five.users.change(4, NewValues(name="@%&ä  name"))
    query = {"q": "@%&ä ", "created_from": "2026-01-01T00:00:00+01:00", "sort": "-name"}
    first = listed(five, limit="2", **query)
    cursor = assert_answer(first, 200)["next_cursor"]
    assert f'<{"/dev/api/users?" + kept}&cursor={cursor}>; rel="next"' in first["headers"]["Link"]
    second = listed(five, limit="1", cursor=cursor, **query)
    assert [user["id"] for user in assert_answer(second, 200)["items"]] == [4]
    assert second["headers"]["Link"] == f'</dev/api/users?{kept.replace("limit=2", "limit=1")}>; rel="first"'


def test_without_a_limit_twenty_are_shown(world: World) -> None:
    for number in range(30):
        world.add(f"{number}@example.com")
    assert len(assert_answer(listed(world), 200)["items"]) == 20


def test_an_erased_user_is_not_shown(five: World) -> None:
    five.users.remove(3)
    assert [user["id"] for user in assert_answer(listed(five), 200)["items"]] == [1, 2, 4, 5]


def test_after_the_last_user_there_is_an_empty_page(five: World) -> None:
    cursor = assert_answer(listed(five, limit="4"), 200)["next_cursor"]
    five.users.remove(5)
    assert assert_answer(listed(five, cursor=cursor), 200) == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("limit", ["", "0", "101", "-1", "1.5", "abc", "１", "1e1", " 1", "9" * 30])
def test_a_limit_out_of_bounds_is_refused(limit: str, world: World) -> None:
    assert_envelope(listed(world, limit=limit), 422, "invalid_input", "query.limit")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sort": "-id"}, [5, 4, 3, 2, 1]), ({"sort": "name", "q": "s"}, [2, 3, 4, 5]),
        ({"email": "ADA@example.com"}, [1]),
        ({"q": "ADA"}, [1]), ({"q": "3@"}, [3]), ({"role": "admin"}, []),
        ({"status": "active", "sort": "-name"}, [5, 4, 3, 2, 1]),
        ({"created_to": "2026-01-01T00:00:00Z"}, []), ({"created_from": "2026-01-01T00:00:00Z"}, [1, 2, 3, 4, 5]),
    ],
)  # fmt: skip
def test_filters_choose_and_sorts_order(query: dict[str, str], expected: list[int], five: World) -> None:
    assert [user["id"] for user in assert_answer(listed(five, **query), 200)["items"]] == expected


@pytest.mark.parametrize(
    ("field", "query"),
    [
        ("sort", {"sort": "s3cret"}), ("role", {"role": "s3cret"}), ("status", {"status": "s3cret"}), ("q", {"q": ""}),
        ("q", {"q": "s3cret\0"}), ("email", {"email": "s3cret"}), ("created_from", {"created_from": "s3cret"}),
        ("created_to", {"created_to": "2026-01-01"}), ("limit", {"limit": "1e9", "sort": "name"}),
        ("created_to", {"created_from": "2026-01-02T00:00:00Z", "created_to": "2026-01-01T00:00:00Z"}),
        ("created_from", {"created_from": "0000-01-01T00:00:00Z"}),
    ],
)  # fmt: skip
def test_a_bad_filter_is_refused_by_name(field: str, query: dict[str, str], world: World) -> None:
    response = listed(world, **query)
    assert_envelope(response, 422, "invalid_input", f"query.{field}")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize(
    "other", [{"sort": "-id"}, {"q": "a"}, {"role": "user"}, {"created_from": "2026-01-01T00:00:00Z"}]
)
def test_a_cursor_belongs_to_its_query(other: dict[str, str], five: World) -> None:
    cursor = assert_answer(listed(five, limit="2"), 200)["next_cursor"]
    assert_envelope(listed(five, cursor=cursor, **other), 422, "invalid_input", "query.cursor")
    assert assert_answer(listed(five, cursor=cursor, sort="id", limit="1"), 200)["items"][0]["id"] == 3


@pytest.mark.parametrize("cursor", ["", "abc", "eyJhZnRlciI6IDB9", "eyJhZnRlciI6LTF9", "W1tb" * 2000, "é", "s3cret"])
def test_a_cursor_that_was_made_up_is_refused(cursor: str, world: World) -> None:
    response = listed(world, cursor=cursor)
    assert_envelope(response, 422, "invalid_input", "query.cursor")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("name", ["limit", "cursor", "unknown", "sort", "q", "created_from"])
def test_a_parameter_that_is_given_twice_is_refused(name: str, world: World) -> None:
    assert_envelope(listed(world, **{name: ["1", "1"]}), 422, "invalid_input", f"query.{name}")


@pytest.mark.parametrize("name", ["name", "Sort", "created", "Limit", "LIMIT", "limit[]", "offset", "page"])
def test_a_parameter_that_nobody_knows_is_refused(name: str, world: World) -> None:
    response = listed(world, **{name: "s3cret"})
    assert_envelope(response, 422, "invalid_input", f"query.{name.replace('[]', '??')}")
    assert "s3cret" not in response["body"]


@pytest.mark.parametrize("empty", [None, {}])
def test_no_query_in_any_form_is_the_first_page(empty: object, world: World) -> None:
    event = an_event(path="/api/users", caller=ADMIN)
    event |= {"queryStringParameters": empty, "multiValueQueryStringParameters": empty}
    assert len(assert_answer(world.call("list_users", event), 200)["items"]) == 1


def test_head_answers_as_get_without_the_body(five: World) -> None:
    query = {"limit": "2"}
    get = five.call("list_users", an_event("GET", "/api/users", ADMIN, query=query))
    assert five.call("list_users", an_event("HEAD", "/api/users", ADMIN, query=query)) == get | {"body": ""}
