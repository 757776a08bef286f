"""A whole conversation with the API, over a real socket, on the real stack."""

import re

import httpx
import pytest

from tests.builders import PASSWORD
from tests.end_to_end import conversation
from tests.end_to_end.conversation import Client, a_registration, error_of
from tests.racing import race

pytestmark = pytest.mark.integration

FIELDS = {"id", "email", "name", "role", "status", "email_verified", "created_at", "updated_at"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_somebody_registers(anyone: httpx.Client) -> None:
    registration = a_registration(name="Ada Lovelace")
    answer = anyone.post("/api/users", json=registration)
    assert answer.status_code == 201
    user = answer.json()
    assert set(user) == FIELDS
    assert (user["email"], user["name"], user["role"]) == (registration["email"], "Ada Lovelace", "user")
    assert (user["status"], user["email_verified"]) == ("active", False)
    assert TIME.fullmatch(user["created_at"])
    assert answer.headers["Location"].endswith(f"/api/users/{user['id']}")
    assert answer.headers["ETag"]


def test_an_address_is_registered_once_however_it_is_typed(anyone: httpx.Client) -> None:
    registration = a_registration()
    anyone.post("/api/users", json=registration)
    again = anyone.post("/api/users", json=registration | {"email": str(registration["email"]).upper()})
    assert (again.status_code, error_of(again)["code"]) == (409, "email_taken")


def test_somebody_logs_in(anyone: httpx.Client) -> None:
    registration = a_registration()
    user = anyone.post("/api/users", json=registration).json()
    credentials = {"email": str(registration["email"]).upper(), "password": PASSWORD}
    answer = anyone.post("/api/auth/login", json=credentials)
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "token_type", "expires_in", "refresh_token", "user"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 86_400)
    assert answer.json()["user"] == user
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_password_and_an_unknown_address_are_told_alike(anyone: httpx.Client, ada: Client) -> None:
    wrong = anyone.post("/api/auth/login", json={"email": ada.user["email"], "password": "not the password"})
    unknown = anyone.post("/api/auth/login", json={"email": conversation.an_address(), "password": PASSWORD})
    told = [{**error_of(answer), "timestamp": "", "request_id": ""} for answer in (wrong, unknown)]
    assert [answer.status_code for answer in (wrong, unknown)] == [401, 401]
    # API Gateway gives a function's WWW-Authenticate this name; in its own answers the header keeps its own.
    assert wrong.headers["x-amzn-Remapped-WWW-Authenticate"] == "Bearer"
    assert told[0] == told[1]


def test_a_user_reads_themself_by_id_and_as_me(ada: Client) -> None:
    by_id, as_me = ada.http.get(ada.path), ada.http.get("/api/users/me")
    assert (by_id.status_code, as_me.status_code) == (200, 200)
    assert by_id.json() == as_me.json() == ada.user


def test_the_first_user_is_there_and_the_user_999_is_not(admin: Client) -> None:
    present, missing = admin.http.get("/api/users/1"), admin.http.get("/api/users/999")
    assert (present.status_code, present.json()["id"]) == (200, 1)
    assert (missing.status_code, error_of(missing)["code"]) == (404, "user_not_found")


@pytest.mark.parametrize(
    "name", ["0", "-1", "01", "1.0", "1e3", "abc", "9223372036854775808", "%00", "%2e%2e", "1%20", "me2", "%C3%A9"]
)
def test_what_is_no_id_is_a_missing_user(admin: Client, name: str) -> None:
    answer = admin.http.get(f"/api/users/{name}")
    assert (answer.status_code, error_of(answer)["code"]) == (404, "user_not_found")


def test_a_stranger_cannot_tell_whether_a_user_exists(ada: Client) -> None:
    answers = [ada.http.get(path) for path in ("/api/users/1", "/api/users/999")]
    told = [{**error_of(answer), "timestamp": "", "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert told[0] == told[1]


def test_an_admin_lists_everybody_page_by_page(admin: Client, ada: Client) -> None:
    seen, path = [], "/api/users?limit=1"
    while path:
        answer = admin.http.get(path)
        assert answer.status_code == 200
        seen += [user["id"] for user in answer.json()["items"]]
        following = re.match(r"<(.+)>; rel=\"next\"", answer.headers.get("Link", ""))
        assert bool(following) == bool(answer.json()["next_cursor"])
        path = re.sub(r"^/dev(?=/)", "", following[1]) if following else ""
    assert seen == sorted(set(seen))
    assert {1, ada.user["id"]} <= set(seen)
    assert error_of(ada.http.get("/api/users"))["code"] == "not_allowed"


def test_a_user_changes_themself_if_nobody_else_did_meanwhile(ada: Client) -> None:
    etag = ada.http.get(ada.path).headers["ETag"]
    changed = ada.http.patch(ada.path, json={"name": "Ada Lovelace"}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["name"]) == (200, "Ada Lovelace")
    assert changed.headers["ETag"] != etag
    stale = ada.http.patch(ada.path, json={"name": "Augusta"}, headers={"If-Match": etag})
    assert (stale.status_code, error_of(stale)["code"]) == (412, "stale_version")
    assert ada.http.get(ada.path).json() == changed.json()


def test_of_many_writers_on_one_version_one_wins(ada: Client) -> None:
    headers = {"If-Match": ada.http.get(ada.path).headers["ETag"]}
    answers = race(16, lambda number: ada.http.patch(ada.path, json={"name": f"Ada {number}"}, headers=headers))
    (winner,) = (answer for answer in answers if answer.status_code == 200)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 15
    assert ada.http.get(ada.path).json() == winner.json()


def test_a_user_replaces_what_may_be_edited(ada: Client) -> None:
    address = conversation.an_address()
    replaced = ada.http.put("/api/users/me", json={"email": address, "name": "Augusta"})
    assert (replaced.status_code, replaced.json()["email"], replaced.json()["name"]) == (200, address, "Augusta")
    assert error_of(ada.http.put("/api/users/me", json={"name": "Augusta"}))["code"] == "invalid_input"


def test_only_an_admin_sets_role_and_status(ada: Client, admin: Client) -> None:
    assert ada.http.patch("/api/users/me", json={"role": "admin"}).status_code == 422
    promoted = admin.http.patch(ada.path, json={"role": "admin", "status": "disabled"})
    assert (promoted.json()["role"], promoted.json()["status"]) == ("admin", "disabled")


def test_a_new_password_is_the_one_that_counts(ada: Client, anyone: httpx.Client) -> None:
    new = "another lighthouse at dusk"
    change = {"current_password": PASSWORD, "new_password": new}
    answer = ada.http.put("/api/users/me/password", json=change)
    assert (answer.status_code, answer.content) == (204, b"")
    old = anyone.post("/api/auth/login", json={"email": ada.user["email"], "password": PASSWORD})
    assert old.status_code == 401
    again = anyone.post("/api/auth/login", json={"email": ada.user["email"], "password": new})
    assert again.json()["user"] == ada.user


def test_a_user_leaves_and_is_gone(ada: Client, admin: Client, anyone: httpx.Client) -> None:
    answer = ada.http.delete("/api/users/me")
    assert (answer.status_code, answer.content) == (204, b"")
    assert admin.http.get(ada.path).status_code == 404
    assert ada.http.get("/api/users/me").status_code == 401
    assert anyone.post("/api/auth/login", json={"email": ada.user["email"], "password": PASSWORD}).status_code == 401
    again = anyone.post("/api/users", json=a_registration(email=ada.user["email"]))
    assert (again.status_code, again.json()["id"] > ada.user["id"]) == (201, True)
