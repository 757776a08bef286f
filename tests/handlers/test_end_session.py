"""DELETE /api/auth/sessions/{session_id}: ends one of the caller's sessions."""

import pytest

from tests.builders import a_session_id, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.endpoints import BY_STEM
from tests.handlers.world import ADA, World


def test_an_ended_session_is_over_at_once(world: World) -> None:
    assert_answer(world.call("end_session", BY_STEM["end_session"].event()), 204)
    assert_envelope(world.call("get_user", an_event(path="/api/users/1", caller=ADA)), 401, "invalid_token")


@pytest.mark.parametrize("session_id", [a_session_id(77), a_session_id(2), "x", "me", a_session_id().upper()])
def test_anothers_session_is_missing_like_one_that_never_was(session_id: str, world: World) -> None:
    world.add("bob@example.com")
    event = an_event("DELETE", f"/api/auth/sessions/{session_id}", ADA)
    assert_envelope(world.call("end_session", event), 404, "session_not_found")
    assert len(world.tables.sessions) == 2
