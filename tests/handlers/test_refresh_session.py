"""POST /api/auth/refresh: the next tokens for a refresh token."""

from typing import Any

import pytest
from roster.users.repository import NewValues

from tests import environment, forge
from tests.builders import a_refresh_token, a_session_id, an_event
from tests.envelope import assert_answer, assert_envelope
from tests.handlers.world import ADA, USER_FIELDS, World


def refresh(world: World, token: object = a_refresh_token(), **headers: str) -> dict[str, Any]:
    event = an_event("POST", "/api/auth/refresh", body={"refresh_token": token}, headers=headers or None)
    return world.call("refresh_session", event)


def test_a_refresh_is_answered_as_a_login(world: World) -> None:
    response = refresh(world)
    answer = assert_answer(response, 200)
    assert answer.keys() == {"access_token", "token_type", "expires_in", "refresh_token", "user"}
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 86_400)
    assert answer["user"].keys() == USER_FIELDS
    assert response["headers"]["Cache-Control"] == "no-store"


def test_the_session_stays_and_the_role_is_todays(world: World) -> None:
    world.users.change(1, NewValues(role="admin"))
    caller = forge.verify(assert_answer(refresh(world), 200)["access_token"])
    assert caller == (1, "admin", a_session_id())


def test_each_refresh_token_leads_to_the_next(world: World) -> None:
    token, seen = a_refresh_token(), set()
    for _ in range(5):
        token = assert_answer(refresh(world, token), 200)["refresh_token"]
        seen.add(token)
    assert len(seen) == 5


def test_a_repeated_use_within_the_grace_gives_the_same_successor(world: World) -> None:
    answers = {assert_answer(refresh(world), 200)["refresh_token"] for _ in range(3)}
    assert len(answers) == 1


def test_a_repeated_use_after_the_grace_ends_the_session_and_is_counted(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    successor = assert_answer(refresh(world), 200)["refresh_token"]
    world.tables.age_sessions(11)
    capsys.readouterr()
    assert_envelope(refresh(world), 401, "invalid_refresh_token")
    counted = [line for line in environment.lines_of(capsys.readouterr().out) if "RefreshTokenReuse" in line]
    assert len(counted) == 1
    assert_envelope(refresh(world, successor), 401, "invalid_refresh_token")
    assert_envelope(world.call("get_user", an_event(path="/api/users/1", caller=ADA)), 401, "invalid_token")


@pytest.mark.parametrize("token", ["", "x", "rt_", a_refresh_token(2), "rt_" + "é" * 43, a_refresh_token() + "="])
def test_what_is_no_refresh_token_is_401(token: str, world: World) -> None:
    response = refresh(world, token)
    assert_envelope(response, 401, "invalid_refresh_token")
    assert response["headers"]["WWW-Authenticate"] == "Bearer"


def test_an_access_token_refreshes_nothing(world: World) -> None:
    assert_envelope(refresh(world, forge.signed()), 401, "invalid_refresh_token")


def test_a_disabled_user_refreshes_nothing(world: World) -> None:
    world.users.change(1, NewValues(status="disabled"))
    assert_envelope(refresh(world), 401, "invalid_refresh_token")


def test_a_session_that_ended_refreshes_nothing(world: World) -> None:
    world.call("log_out", an_event("POST", "/api/auth/logout", ADA))
    assert_envelope(refresh(world), 401, "invalid_refresh_token")


def test_a_session_moves_with_its_owner(world: World) -> None:
    refresh(world, **{"User-Agent": "another browser"})
    listed = world.call("list_sessions", an_event(path="/api/auth/sessions", caller=ADA))
    (session,) = assert_answer(listed, 200)["items"]
    assert (session["source_ip"], session["user_agent"]) == ("203.0.113.7", "another browser")


def test_no_refresh_token_is_kept(world: World) -> None:
    successor = assert_answer(refresh(world), 200)["refresh_token"]
    (row,) = world.tables.sessions.values()
    kept = repr([row.token_hash, row.used])
    assert successor not in kept
    assert successor.removeprefix("rt_") not in kept
