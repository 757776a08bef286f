"""Second factors over a real socket, on the real stack, with codes that the test computes."""

import json
import time
from collections import Counter
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from roster.second_factors import totp

from tests.builders import PASSWORD
from tests.end_to_end.conversation import Client, error_of
from tests.end_to_end.server import LocalServer
from tests.racing import race
from tests.second_factors import Authenticator
from tests.servers import execute

pytestmark = pytest.mark.integration

_LEFT_SECONDS = 12


class Armed(NamedTuple):
    """A user with a second factor: the codes of now and of the next step are still good."""

    client: Client
    secret: str
    authenticator: Authenticator
    recovery_codes: list[str]


@pytest.fixture
def armed(ada: Client) -> Armed:
    """Enrol and confirm, with the code of the step before, when there is time left in this one."""
    enrolment = ada.http.post("/api/auth/totp", json={"current_password": PASSWORD}).json()
    (secret,) = parse_qs(urlsplit(enrolment["provisioning_uri"]).query)["secret"]
    assert secret == enrolment["secret"]
    left_seconds = totp.STEP_SECONDS - time.time() % totp.STEP_SECONDS
    time.sleep(left_seconds if left_seconds < _LEFT_SECONDS else 0)
    authenticator = Authenticator(secret, time.time)
    confirmed = ada.http.post("/api/auth/totp/confirm", json={"code": authenticator.code(-1)})
    assert confirmed.status_code == 200, confirmed.text
    return Armed(ada, secret, authenticator, confirmed.json()["recovery_codes"])


def challenged(anyone: httpx.Client, armed: Armed, password: str = PASSWORD) -> str:
    answer = anyone.post("/api/auth/login", json={"email": armed.client.user["email"], "password": password})
    assert (answer.status_code, set(answer.json())) == (200, {"second_factor"})
    challenge: str = answer.json()["second_factor"]["challenge"]
    return challenge


def finished(anyone: httpx.Client, challenge: str, code: str) -> httpx.Response:
    return anyone.post("/api/auth/login/totp", json={"challenge": challenge, "code": code})


def outcome(answer: httpx.Response) -> Any:
    return 200 if answer.status_code == 200 else error_of(answer)["code"]


def test_a_login_takes_two_steps_and_is_then_as_any_other(anyone: httpx.Client, armed: Armed) -> None:
    answer = finished(anyone, challenged(anyone, armed), armed.authenticator.code())
    assert set(answer.json()) == {"access_token", "token_type", "expires_in", "refresh_token", "user"}
    assert answer.json()["user"] == armed.client.user
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert anyone.get("/api/users/me", headers=headers).json() == armed.client.user
    assert len(anyone.get("/api/auth/sessions", headers=headers).json()["items"]) == 2
    refreshed = anyone.post("/api/auth/refresh", json={"refresh_token": answer.json()["refresh_token"]})
    assert refreshed.status_code == 200
    shown = armed.client.http.get("/api/auth/totp").json()
    assert (shown["enabled"], shown["recovery_codes_left"]) == (True, 10)


def test_a_challenge_opens_nothing_by_itself(anyone: httpx.Client, armed: Armed) -> None:
    challenge = challenged(anyone, armed)
    assert anyone.get("/api/users/me", headers={"Authorization": f"Bearer {challenge}"}).status_code == 401
    assert anyone.post("/api/auth/refresh", json={"refresh_token": challenge}).status_code == 401
    assert len(armed.client.http.get("/api/auth/sessions").json()["items"]) == 1


def test_of_many_logins_with_one_code_at_once_one_gets_in(anyone: httpx.Client, armed: Armed) -> None:
    challenges = [challenged(anyone, armed) for _ in range(4)]
    code = armed.authenticator.code()
    outcomes = race(4, lambda number: outcome(finished(anyone, challenges[number], code)))
    assert Counter(outcomes) == {200: 1, "wrong_code": 3}


def test_of_many_uses_of_one_challenge_at_once_one_gets_in_and_no_code_is_lost(
    anyone: httpx.Client, armed: Armed
) -> None:
    challenge = challenged(anyone, armed)
    outcomes = race(4, lambda number: outcome(finished(anyone, challenge, armed.recovery_codes[number])))
    assert Counter(outcomes) == {200: 1, "invalid_challenge": 3}
    assert armed.client.http.get("/api/auth/totp").json()["recovery_codes_left"] == 9


def test_a_recovery_code_is_good_once_and_new_ones_void_the_old(anyone: httpx.Client, armed: Armed) -> None:
    first, second = armed.recovery_codes[:2]
    assert outcome(finished(anyone, challenged(anyone, armed), first.lower())) == 200
    assert outcome(finished(anyone, challenged(anyone, armed), first)) == "wrong_code"
    renewed = armed.client.http.post("/api/auth/totp/recovery-codes", json={"code": armed.authenticator.code()})
    assert outcome(finished(anyone, challenged(anyone, armed), second)) == "wrong_code"
    assert outcome(finished(anyone, challenged(anyone, armed), renewed.json()["recovery_codes"][0])) == 200


def test_who_guesses_gets_five_tries_and_is_then_blocked_for_a_while(
    anyone: httpx.Client, armed: Armed, server: LocalServer
) -> None:
    challenge, wrong = challenged(anyone, armed), armed.authenticator.wrong_code()
    again = challenged(anyone, armed)
    outcomes = race(8, lambda _: outcome(finished(anyone, challenge, wrong)))
    assert Counter(outcomes) == {"wrong_code": 5, "invalid_challenge": 3}
    block(server, armed, "1 hour")
    assert outcome(finished(anyone, again, armed.recovery_codes[0])) == "wrong_code"
    block(server, armed, "0 hours")
    assert outcome(finished(anyone, again, armed.recovery_codes[0])) == 200


def block(server: LocalServer, armed: Armed, interval: str) -> None:
    """Stretch or end the block that the fifth wrong code began."""
    stretched = """
        UPDATE login_failures SET blocked_until = clock_timestamp() + %s::interval
        WHERE account = sha256(%s) AND failures = 5 AND blocked_until > attempted_at
        RETURNING 1
    """
    name = f"second factor of user {armed.client.user['id']}".encode()
    assert execute(server.database_url, stretched, interval, name) == [(1,)]


def test_a_new_password_ends_logins_that_wait_for_a_code(anyone: httpx.Client, armed: Armed) -> None:
    challenge, new = challenged(anyone, armed), "another lighthouse at dusk"
    change = {"current_password": PASSWORD, "new_password": new}
    assert armed.client.http.put("/api/users/me/password", json=change).status_code == 204
    assert outcome(finished(anyone, challenge, armed.authenticator.code())) == "invalid_challenge"
    assert outcome(finished(anyone, challenged(anyone, armed, new), armed.authenticator.code())) == 200


def test_disabled_or_removed_the_password_alone_does(anyone: httpx.Client, armed: Armed, admin: Client) -> None:
    waiting = challenged(anyone, armed)
    disable = {"current_password": PASSWORD, "code": armed.authenticator.code()}
    assert armed.client.http.post("/api/auth/totp/disable", json=disable).status_code == 204
    assert outcome(finished(anyone, waiting, armed.recovery_codes[0])) == "invalid_challenge"
    assert armed.client.http.post("/api/auth/totp", json={"current_password": PASSWORD}).status_code == 200
    assert admin.http.delete(f"{armed.client.path}/totp").status_code == 204
    assert error_of(admin.http.delete(f"{armed.client.path}/totp"))["code"] == "second_factor_not_found"
    login = {"email": armed.client.user["email"], "password": PASSWORD}
    assert "access_token" in anyone.post("/api/auth/login", json=login).json()


def test_what_happened_is_in_the_audit_trail(armed: Armed, admin: Client) -> None:
    admin.http.delete(f"{armed.client.path}/totp")
    page = admin.http.get("/api/audit", params={"subject_id": str(armed.client.user["id"])}).json()
    mine, admins = armed.client.user["id"], admin.user["id"]
    assert [(event["action"], event["actor_id"]) for event in page["items"]][:3] == [
        ("second_factor.removed", admins),
        ("second_factor.confirmed", mine),
        ("second_factor.enrolled", mine),
    ]


def test_an_erased_user_leaves_nothing_behind(anyone: httpx.Client, armed: Armed, server: LocalServer) -> None:
    challenge = challenged(anyone, armed)
    assert armed.client.http.delete("/api/users/me").status_code == 204
    assert outcome(finished(anyone, challenge, armed.authenticator.code())) == "invalid_challenge"
    for table in ("second_factors", "recovery_codes", "login_challenges"):
        rows = execute(server.database_url, f"SELECT FROM {table} WHERE user_id = %s", armed.client.user["id"])
        assert rows == []


def test_nothing_secret_is_logged_or_kept_as_it_is(anyone: httpx.Client, armed: Armed, server: LocalServer) -> None:
    challenge = challenged(anyone, armed)
    finished(anyone, challenge, armed.recovery_codes[0])
    finished(anyone, challenge, armed.recovery_codes[1])
    keys = json.loads((server.home / "keys.json").read_text("utf-8"))
    secrets = (
        armed.secret,
        challenge,
        *armed.recovery_codes,
        keys["private"],
        keys["second_factors"],
        keys["api_secret"],
    )
    log = (server.home / "server.log").read_text("utf-8") + server.terminal
    kept = str(
        execute(server.database_url, "SELECT encode(secret, 'escape') FROM second_factors")
        + execute(server.database_url, "SELECT encode(code_hash, 'escape') FROM recovery_codes")
        + execute(server.database_url, "SELECT encode(token_hash, 'escape') FROM login_challenges")
    )
    assert [secret for secret in secrets if secret in log + kept] == []
