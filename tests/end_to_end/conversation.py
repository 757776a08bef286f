"""What clients say to the API."""

import secrets
from typing import Any, NamedTuple

import httpx

from tests.builders import PASSWORD

User = dict[str, Any]


def an_address() -> str:
    return f"user-{secrets.token_hex(6)}@example.com"


def a_registration(**fields: object) -> dict[str, object]:
    return {"email": an_address(), "name": "Ada", "password": PASSWORD} | fields


class Client(NamedTuple):
    """A connection with a user's token; *user* is as the login told it."""

    http: httpx.Client
    user: User

    @property
    def path(self) -> str:
        return f"/api/users/{self.user['id']}"


def anonymous(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=15)


def log_in(url: str, email: str, password: str = PASSWORD) -> Client:
    with anonymous(url) as http:
        answer = http.post("/api/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return Client(httpx.Client(base_url=url, timeout=15, headers=headers), answer.json()["user"])


def registered(url: str) -> Client:
    """Register someone new and log them in."""
    registration = a_registration()
    with anonymous(url) as http:
        answer = http.post("/api/users", json=registration)
    assert answer.status_code == 201, answer.text
    return log_in(url, str(registration["email"]))


def error_of(answer: httpx.Response) -> dict[str, Any]:
    """Return the error in an answer, which has the envelope and the status of its line."""
    body = answer.json()
    assert set(body) == {"error"}
    error: dict[str, Any] = body["error"]
    assert set(error) == {"status", "code", "message", "timestamp", "request_id", "details"}
    assert error["status"] == answer.status_code
    assert answer.headers["Content-Type"].startswith("application/json")
    return error
