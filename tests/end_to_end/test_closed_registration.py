"""Closed registration: only admins add users."""

from collections.abc import Iterator

import httpx
import pytest

from tests.end_to_end.conversation import Client, a_registration, error_of, log_in
from tests.end_to_end.server import LocalServer, running

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """Run a server whose registration is closed, and whose tokens name an issuer of our choice."""
    with running("Registration=closed TokenIssuer=https://issuer.test") as server:
        yield server


@pytest.fixture(scope="module")
def admin(server: LocalServer) -> Iterator[Client]:
    client = log_in(server.url, server.facts["admin_email"], server.facts["admin_password"])
    with client.http:
        yield client


@pytest.fixture
def added(server: LocalServer, admin: Client) -> Iterator[Client]:
    """Talk as a user whom the admin added."""
    registration = a_registration()
    answer = admin.http.post("/api/users", json=registration)
    assert (answer.status_code, answer.json()["role"]) == (201, "user")
    client = log_in(server.url, str(registration["email"]))
    with client.http:
        yield client


def test_an_admin_adds_users(added: Client) -> None:
    assert added.http.get(added.path).status_code == 200


def test_nobody_registers_themself(anyone: httpx.Client) -> None:
    answer = anyone.post("/api/users", json=a_registration())
    assert (answer.status_code, error_of(answer)["code"]) == (403, "not_allowed")


def test_users_add_nobody(added: Client) -> None:
    answer = added.http.post("/api/users", json=a_registration())
    assert (answer.status_code, error_of(answer)["code"]) == (403, "not_allowed")


def test_a_bad_token_is_not_taken_for_no_token(anyone: httpx.Client) -> None:
    answer = anyone.post("/api/users", json=a_registration(), headers={"Authorization": "Bearer a.b.c"})
    assert (answer.status_code, error_of(answer)["code"]) == (401, "invalid_token")


def test_an_admin_is_told_of_a_taken_address_and_nobody_else_is(
    anyone: httpx.Client, admin: Client, added: Client
) -> None:
    taken = a_registration(email=added.user["email"])
    assert error_of(admin.http.post("/api/users", json=taken))["code"] == "email_taken"
    assert error_of(anyone.post("/api/users", json=taken))["code"] == "not_allowed"


def test_the_issuer_is_the_one_that_was_asked_for(server: LocalServer, anyone: httpx.Client, added: Client) -> None:
    assert anyone.get("/.well-known/openid-configuration").json()["issuer"] == "https://issuer.test"
    assert server.facts["token_issuer"] == "https://issuer.test"
    assert added.http.get(added.path).status_code == 200
