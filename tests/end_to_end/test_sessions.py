"""Sessions over HTTP: what ends one is seen by the next request, though the authorizer's verdict is cached."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.builders import PASSWORD
from tests.end_to_end.conversation import Client, error_of

NEW_PASSWORD = "another lighthouse at noon"


def refreshed(anyone: httpx.Client, token: str) -> httpx.Response:
    return anyone.post("/api/auth/refresh", json={"refresh_token": token})


def logged_in(anyone: httpx.Client, client: Client) -> dict[str, Any]:
    answer = anyone.post("/api/auth/login", json={"email": client.user["email"], "password": PASSWORD})
    assert answer.status_code == 200
    return dict(answer.json())


ENDS: dict[str, Callable[[Client, Client], httpx.Response]] = {
    "logout": lambda ada, admin: ada.http.post("/api/auth/logout"),
    "logout everywhere": lambda ada, admin: ada.http.post("/api/auth/logout", json={"everywhere": True}),
    "change of password": lambda ada, admin: ada.http.put(
        f"{ada.path}/password", json={"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    ),
    "disabling": lambda ada, admin: admin.http.patch(ada.path, json={"status": "disabled"}),
    "erasing": lambda ada, admin: admin.http.delete(ada.path),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_a_session_is_seen_by_the_next_request(end: str, ada: Client, admin: Client) -> None:
    assert ada.http.get(ada.path).status_code == 200, "the verdict is cached now, and so is the user"
    assert ENDS[end](ada, admin).is_success
    for path in (ada.path, "/api/users/me", "/api/auth/sessions"):
        answer = ada.http.get(path)
        assert (answer.status_code, error_of(answer)["code"]) == (401, "invalid_token")


def test_a_lost_role_is_seen_by_the_next_request(ada: Client, admin: Client) -> None:
    assert admin.http.patch(ada.path, json={"role": "admin"}).is_success
    assert ada.http.get("/api/users?limit=1").status_code == 200, "the token says user, the database admin"
    assert admin.http.patch(ada.path, json={"role": "user"}).is_success
    assert ada.http.get("/api/users?limit=1").status_code == 403


def test_a_session_is_refreshed_and_an_old_token_is_answered_for_a_moment(anyone: httpx.Client, ada: Client) -> None:
    login = logged_in(anyone, ada)
    first, again = (refreshed(anyone, login["refresh_token"]) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json().keys() == login.keys()
    assert first.json()["refresh_token"] == again.json()["refresh_token"] != login["refresh_token"]
    headers = {"Authorization": f"Bearer {first.json()['access_token']}"}
    assert anyone.get("/api/users/me", headers=headers).json() == ada.user


def test_sessions_are_listed_and_ended_one_by_one(anyone: httpx.Client, ada: Client) -> None:
    login = logged_in(anyone, ada)
    newest, oldest = ada.http.get("/api/auth/sessions").json()["items"]
    assert (newest["current"], oldest["current"]) == (False, True)
    assert newest["source_ip"] == "127.0.0.1"
    assert newest["user_agent"].startswith("python-httpx")
    path = f"/api/auth/sessions/{newest['id']}"
    assert [ada.http.delete(path).status_code for _ in range(2)] == [204, 404]
    assert error_of(refreshed(anyone, login["refresh_token"]))["code"] == "invalid_refresh_token"
    assert ada.http.get("/api/users/me").status_code == 200


def test_nobody_ends_anothers_session(ada: Client, admin: Client) -> None:
    (session,) = ada.http.get("/api/auth/sessions").json()["items"]
    answer = admin.http.delete(f"/api/auth/sessions/{session['id']}")
    assert (answer.status_code, error_of(answer)["code"]) == (404, "session_not_found")
