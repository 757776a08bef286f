"""GET /api/auth/sessions: where the caller is logged in."""

from tests.builders import PASSWORD, a_session_id, an_event
from tests.envelope import assert_answer
from tests.handlers.world import ADA, World

FIELDS = {
    "id", "created_at", "refreshed_at", "idle_until", "expires_at", "source_ip", "user_agent", "current",
}  # fmt: skip


def test_the_callers_sessions_are_listed_and_this_one_is_marked(world: World) -> None:
    world.add("bob@example.com")
    event = an_event("POST", "/api/auth/login", body={"email": "ada@example.com", "password": PASSWORD})
    event["headers"] = {"user-agent": "another browser"}
    assert_answer(world.call("log_in", event | {"multiValueHeaders": None}), 200)
    response = world.call("list_sessions", an_event(path="/api/auth/sessions", caller=ADA))
    page = assert_answer(response, 200)
    assert page["next_cursor"] is None
    assert [session["user_agent"] for session in page["items"]] == ["another browser", "pytest"]
    assert [session["current"] for session in page["items"]] == [False, True]
    assert page["items"][1]["id"] == a_session_id()
    assert all(session.keys() == FIELDS for session in page["items"])
    assert "Link" not in response["headers"]


def test_nothing_of_a_token_is_shown(world: World) -> None:
    (session,) = world.tables.sessions.values()
    response = world.call("list_sessions", an_event(path="/api/auth/sessions", caller=ADA))
    assert session.token_hash.hex() not in response["body"]
