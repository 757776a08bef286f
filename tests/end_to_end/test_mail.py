"""Links in mails, over HTTP: asked for, read in the local mailbox, used."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.builders import PASSWORD
from tests.end_to_end import conversation
from tests.end_to_end.conversation import Client, an_address, error_of
from tests.end_to_end.mailbox import folder_of, letters_to, token_in, wait_for
from tests.end_to_end.server import LocalServer, running

pytestmark = pytest.mark.integration
NEW = "another lighthouse at noon"


@pytest.fixture(scope="module")
def verified() -> Iterator[LocalServer]:
    """Run a server where who registers has to prove their address."""
    with running("Registration=verified") as server:
        yield server


def reset(http: httpx.Client, token: str, password: str = NEW) -> httpx.Response:
    return http.post("/api/auth/password-reset/confirm", json={"token": token, "new_password": password})


def test_a_forgotten_password_is_replaced_and_every_session_ends(
    server: LocalServer, ada: Client, anyone: httpx.Client
) -> None:
    email = ada.user["email"]
    other = conversation.log_in(server.url, email)
    assert ada.http.get("/api/users/me").json()["email_verified"] is False
    asked_at = time.monotonic()
    answer = anyone.post("/api/auth/password-reset", json={"email": email.upper()})
    assert (answer.status_code, answer.json()) == (202, {"status": "accepted"})
    letter = wait_for(server, email)
    assert time.monotonic() - asked_at < 3
    assert reset(anyone, token_in(letter)).status_code == 204
    for client in (ada, other):
        assert error_of(client.http.get("/api/users/me"))["code"] == "invalid_token"
    again = conversation.log_in(server.url, email, NEW)
    assert again.http.get("/api/users/me").json()["email_verified"] is True
    assert error_of(reset(anyone, token_in(letter), "a third lighthouse"))["code"] == "invalid_link"
    for client in (other, again):
        client.http.close()


def test_of_many_who_use_one_link_at_once_one_sets_the_password(
    server: LocalServer, ada: Client, anyone: httpx.Client
) -> None:
    anyone.post("/api/auth/password-reset", json={"email": ada.user["email"]})
    token = token_in(wait_for(server, ada.user["email"]))
    passwords = [f"lighthouse number {number} at noon" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda password: reset(anyone, token, password).status_code, passwords))
    assert sorted(statuses) == [204, *[400] * 7]
    conversation.log_in(server.url, ada.user["email"], passwords[statuses.index(204)]).http.close()


def test_nobody_gets_mail_at_an_address_that_nobody_has(server: LocalServer, ada: Client, anyone: httpx.Client) -> None:
    stranger = an_address()
    answers = [anyone.post("/api/auth/password-reset", json={"email": each}) for each in (stranger, ada.user["email"])]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    wait_for(server, ada.user["email"])
    assert letters_to(server, stranger) == []


def test_an_address_is_verified_by_its_link(server: LocalServer, ada: Client, anyone: httpx.Client) -> None:
    before = ada.http.get("/api/users/me")
    assert ada.http.post("/api/auth/verify-email").status_code == 202
    token = token_in(wait_for(server, ada.user["email"]))
    assert anyone.post("/api/auth/verify-email/confirm", json={"token": token}).status_code == 204
    after = ada.http.get("/api/users/me")
    assert (before.json()["email_verified"], after.json()["email_verified"]) == (False, True)
    assert before.headers["ETag"] != after.headers["ETag"]
    answer = anyone.post("/api/auth/verify-email/confirm", json={"token": token})
    assert error_of(answer)["code"] == "invalid_link"


def test_a_link_to_an_address_that_the_user_gave_up_is_worth_nothing(
    server: LocalServer, ada: Client, anyone: httpx.Client
) -> None:
    anyone.post("/api/auth/password-reset", json={"email": ada.user["email"]})
    token = token_in(wait_for(server, ada.user["email"]))
    assert ada.http.patch(ada.path, json={"email": an_address()}).status_code == 200
    assert error_of(reset(anyone, token))["code"] == "invalid_link"


def test_who_registers_where_addresses_are_verified_proves_theirs_first(verified: LocalServer) -> None:
    registration = conversation.a_registration()
    email = str(registration["email"])
    with conversation.anonymous(verified.url) as http:
        assert http.post("/api/users", json=registration).status_code == 202
        credentials = {"email": email, "password": PASSWORD}
        assert http.post("/api/auth/login", json=credentials).status_code == 401
        token = token_in(wait_for(verified, email))
        assert http.post("/api/auth/verify-email/confirm", json={"token": token}).status_code == 204
    with conversation.log_in(verified.url, email).http as http:
        assert http.get("/api/users/me").json()["email_verified"] is True


def test_a_taken_address_is_answered_as_a_free_one_and_its_owner_is_told(verified: LocalServer) -> None:
    taken = verified.facts["admin_email"]
    registrations = [conversation.a_registration(email=taken.upper()), conversation.a_registration()]
    with conversation.anonymous(verified.url) as http:
        answers = [http.post("/api/users", json=registration) for registration in registrations]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    assert answers[0].headers.keys() == answers[1].headers.keys()
    letter = wait_for(verified, taken)
    assert letter.subject == "You already have a Roster account"
    assert "token" not in letter.text + letter.html


def test_the_page_shows_what_was_sent_and_says_where_it_is(
    server: LocalServer, ada: Client, anyone: httpx.Client
) -> None:
    ada.http.post("/api/auth/verify-email")
    letter = wait_for(server, ada.user["email"])
    assert f"{server.url}/_mail" in server.terminal
    page = httpx.get(server.facts["mail_url"])
    assert (page.status_code, token_in(letter) in page.text) == (200, True)
    shown = httpx.get(f"{server.facts['mail_url']}/{letter.name}")
    assert shown.text == letter.html
    assert shown.headers["Content-Security-Policy"].startswith("sandbox;")
    assert httpx.get(server.facts["mail_url"], headers={"Host": "evil.example"}).status_code == 403
    assert anyone.get("/_mailbox").status_code == 404


def test_no_token_and_no_address_is_in_the_log_or_in_the_database(
    server: LocalServer, ada: Client, anyone: httpx.Client
) -> None:
    email = ada.user["email"]
    anyone.post("/api/auth/password-reset", json={"email": email})
    token = token_in(wait_for(server, email))
    reset(anyone, token)
    log = (server.home / "server.log").read_text("utf-8")
    assert "MailSent" in log
    assert [secret for secret in (token, email) if secret in log + server.terminal] == []
    data = (path.read_bytes() for path in (server.home / "postgres").rglob("*") if path.is_file())
    assert not any(token.encode() in each for each in data)


def test_where_nothing_waits_nothing_is_logged(server: LocalServer) -> None:
    time.sleep(1.5)
    before = (server.home / "server.log").stat().st_size
    time.sleep(2.5)
    assert (server.home / "server.log").stat().st_size == before
    assert folder_of(server).is_dir()
