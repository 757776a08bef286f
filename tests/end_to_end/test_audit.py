"""The audit trail of a real conversation: who did what, from where, and nothing that is secret."""

import json
import time

import httpx
import pytest

from tests.end_to_end import conversation
from tests.end_to_end.conversation import Client, a_registration, error_of
from tests.end_to_end.mailbox import token_in, wait_for
from tests.end_to_end.server import LocalServer
from tests.second_factors import Authenticator
from tests.servers import execute

pytestmark = pytest.mark.integration

PASSWORD, NEW_PASSWORD = "canary-password-at-noon", "canary-password-at-midnight"
RESET_PASSWORD = "canary-password-at-dawn"


def events(admin: Client, **query: int) -> list[dict[str, object]]:
    """Return what an admin reads, the oldest first."""
    answer = admin.http.get("/api/audit", params={"limit": 100, **query})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])[::-1]


def test_a_conversation_is_told_step_by_step(server: LocalServer, anyone: httpx.Client, admin: Client) -> None:
    email = conversation.an_address()
    user = anyone.post("/api/users", json=a_registration(email=email, password=PASSWORD)).json()
    client = conversation.log_in(server.url, email, PASSWORD)
    changed = client.http.patch(client.path, json={"name": "Ada King"})
    admin.http.patch(client.path, json={"role": "admin"})
    admin.http.patch(client.path, json={"role": "user", "status": "disabled"})
    client.http.close()
    found = [event for event in events(admin, subject_id=user["id"]) if str(event["action"]).startswith("user.")]
    assert [(event["action"], event["actor_id"]) for event in found] == [
        ("user.registered", None),
        ("user.changed", user["id"]),
        ("user.rights_changed", admin.user["id"]),
        ("user.rights_changed", admin.user["id"]),
    ]
    assert {event["source_ip"] for event in found} == {"127.0.0.1"}
    assert found[1]["request_id"] == changed.headers["x-amzn-RequestId"]
    assert (found[3]["before"], found[3]["after"]) == (
        {"role": "admin", "status": "active"},
        {"role": "user", "status": "disabled"},
    )


def test_an_admin_ends_the_sessions_of_another_and_their_next_request_is_refused(admin: Client, ada: Client) -> None:
    (session,) = admin.http.get(f"{ada.path}/sessions").json()["items"]
    assert (session["source_ip"], session["current"]) == ("127.0.0.1", False)
    assert ada.http.delete(f"{admin.path}/sessions").status_code == 403
    assert admin.http.delete(f"{ada.path}/sessions").status_code == 204
    assert (ada.http.get(ada.path).status_code, admin.http.get(admin.path).status_code) == (401, 200)
    (event,) = events(admin, subject_id=ada.user["id"])[2:]
    assert (event["action"], event["actor_id"]) == ("session.ended", admin.user["id"])
    assert event["before"] == {"session_id": session["id"]}


def test_disabling_ends_the_sessions_too(admin: Client, ada: Client) -> None:
    assert admin.http.patch(ada.path, json={"status": "disabled"}).status_code == 200
    assert ada.http.get(ada.path).status_code == 401
    told = events(admin, subject_id=ada.user["id"])[2:]
    assert {event["action"] for event in told} == {"user.rights_changed", "session.ended"}
    assert len({event["request_id"] for event in told}) == 1


def test_pages_follow_each_other(admin: Client, ada: Client) -> None:
    first = admin.http.get("/api/audit", params={"limit": 1})
    second = admin.http.get("/api/audit", params={"limit": 1, "cursor": first.json()["next_cursor"]})
    assert second.json()["items"][0]["id"] < first.json()["items"][0]["id"]
    assert admin.http.get(first.links["next"]["url"]).json() == second.json()


def test_nobody_else_reads_it(ada: Client, anyone: httpx.Client) -> None:
    refused, unknown = ada.http.get("/api/audit"), anyone.get("/api/audit")
    assert (refused.status_code, error_of(refused)["code"]) == (403, "not_allowed")
    assert unknown.status_code == 401
    assert ada.http.post("/api/audit").status_code == 405


def test_no_secret_is_in_the_table(server: LocalServer, anyone: httpx.Client) -> None:
    email = conversation.an_address()
    anyone.post("/api/users", json=a_registration(email=email, password=PASSWORD))
    secrets = [*reset_by_link(server, anyone, email), *enrolled(anyone, email, RESET_PASSWORD)]
    rows = execute(server.database_url, "SELECT to_jsonb(audit_events)::text FROM audit_events")
    hashes = [str(row[0]) for row in execute(server.database_url, "SELECT hash FROM user_passwords")]
    told = "".join(str(row[0]) for row in rows)
    expected = (email, "password.changed", "password.reset", "second_factor.confirmed")
    assert [each for each in expected if each not in told] == [], "or this test would find nothing"
    assert [each for each in ("canary-password", "$argon2", "eyJ", "rt_", *secrets, *hashes) if each in told] == []


def reset_by_link(server: LocalServer, anyone: httpx.Client, email: str) -> list[str]:
    """Change the password, then reset it by a mailed link; return what must not be told of that."""
    login = anyone.post("/api/auth/login", json={"email": email, "password": PASSWORD}).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}
    passwords = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert anyone.put("/api/users/me/password", json=passwords, headers=headers).status_code == 204
    anyone.post("/api/auth/password-reset", json={"email": email})
    token = token_in(wait_for(server, email))
    body = {"token": token, "new_password": RESET_PASSWORD}
    assert anyone.post("/api/auth/password-reset/confirm", json=body).status_code == 204
    return [token, login["refresh_token"], login["access_token"].rsplit(".", 1)[1]]


def enrolled(anyone: httpx.Client, email: str, password: str) -> list[str]:
    """Give the user a second factor; return its secret and the recovery codes."""
    login = anyone.post("/api/auth/login", json={"email": email, "password": password}).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}
    enrolment = anyone.post("/api/auth/totp", json={"current_password": password}, headers=headers).json()
    code = Authenticator(enrolment["secret"], time.time).code()
    confirmed = anyone.post("/api/auth/totp/confirm", json={"code": code}, headers=headers)
    assert confirmed.status_code == 200, confirmed.text
    return [enrolment["secret"], *confirmed.json()["recovery_codes"]]


def test_an_erased_user_leaves_no_personal_data(server: LocalServer, ada: Client) -> None:
    assert ada.http.patch(ada.path, json={"name": "Canary Lovelace"}).status_code == 200
    assert ada.http.delete(ada.path).status_code == 204
    statement = "SELECT to_jsonb(audit_events) FROM audit_events WHERE subject_id = %s OR actor_id = %s"
    rows = execute(server.database_url, statement, ada.user["id"], ada.user["id"])
    told = json.dumps(rows)
    assert len(rows) >= 3
    assert [each for each in (ada.user["email"], "Canary", "127.0.0.1") if each in told] == []
