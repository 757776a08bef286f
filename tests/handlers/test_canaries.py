"""Secrets and addresses go through every endpoint, in every place: none is in a log, and none in an error's body."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from roster.errors import RosterError, UnavailableError
from roster.infrastructure.database_errors import DatabaseFaultError

from tests import environment, forge
from tests.builders import a_caller, a_refresh_token, an_event
from tests.handlers import prepared
from tests.handlers.endpoints import ENDPOINTS, Endpoint
from tests.handlers.world import ADA, World
from tests.sealing_keys import KEYS

ADDRESS = "canary-address@example.com"
PASSWORD = "canary-password-at-noon"
NAME = "canary-name"
TOKEN = forge.signed(payload=forge.claims(sub="1", sid="canary-session"))
CANARIES = (
    "canary",
    TOKEN,
    TOKEN.split(".")[2],
    "$argon2id$",
    forge.SIGNING_KEY.key_id,
    json.loads(forge.KEY_PAIR.private)["d"],
    a_refresh_token(),
    json.loads(KEYS)["keys"][0]["k"],
    prepared.SECRET_TEXT,
    prepared.RECOVERY_CODE,
    "otpauth",
)

SECRETS = {
    "email": ADDRESS,
    "name": NAME,
    "password": PASSWORD,
    "current_password": PASSWORD,
    "new_password": PASSWORD + "!",
}
_SECRET = ("token", "secret", "code", "uri", "challenge", "password")
OTHERWISE = {"code": prepared.RECOVERY_CODE}
FAULTS = [
    None,
    UnavailableError(),
    DatabaseFaultError("42P01", None),
    RuntimeError(f"{ADDRESS} {PASSWORD}"),
    ValueError(TOKEN),
]


def requests(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    """Yield good and bad requests that carry a canary wherever one fits."""
    body = endpoint.body and {name: SECRETS.get(name, value) for name, value in endpoint.body.items()}
    headers = {"Authorization": f"Bearer {TOKEN}", "Cookie": NAME, "X-Forwarded-For": NAME}
    yield endpoint.event(body=body)
    yield endpoint.event(body=body, headers=headers)
    yield endpoint.event(body=body, headers=headers, query={NAME: PASSWORD})
    yield endpoint.event(body=body, headers={"Accept": NAME})
    yield endpoint.event(body=body, headers={"Content-Type": PASSWORD, "If-Match": PASSWORD, "If-None-Match": PASSWORD})
    yield endpoint.event(body=body and {name: OTHERWISE.get(name, value) for name, value in body.items()})
    yield endpoint.event(body=SECRETS | {"role": NAME, "status": PASSWORD})
    yield endpoint.event(body=json.dumps(SECRETS)[:-1])
    yield endpoint.event(body=json.dumps(SECRETS | {"email": ADDRESS + "\0", "name": [NAME]}))
    yield endpoint.event(query={"limit": PASSWORD, "cursor": TOKEN})
    yield endpoint.event(caller=a_caller(user_id=1, session_id="canary-session"), body=body)
    yield an_event(endpoint.method, f"/api/users/{ADDRESS}", endpoint.caller, body)
    yield {"body": PASSWORD, "headers": {"authorization": TOKEN}}


def issued(response: dict[str, Any]) -> Iterator[str]:
    """Yield what a good answer gives to its client alone: tokens, codes, keys."""
    is_json = response["headers"].get("Content-Type", "").startswith("application/json")
    yield from _secrets_of(json.loads(response["body"]) if response["statusCode"] < 300 and is_json else {})


def _secrets_of(document: dict[str, Any]) -> Iterator[str]:
    if "openapi" in document:
        return  # it describes fields that are called like secrets, and has none
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _secrets_of(value)
        elif any(word in name for word in _SECRET) and name not in ("token_type", "recovery_codes_left"):
            yield from value if isinstance(value, list) else [str(value)]


def told(response: dict[str, Any]) -> str:
    """Return what may hold no secret of this answer: its headers, and the body of an error."""
    return str(response["headers"]) + (response["body"] if response["statusCode"] >= 400 else "")


@pytest.fixture
def canary(world: World, request: pytest.FixtureRequest) -> World:
    """Return a world in which Ada is the canary."""
    world.tables.rows.clear()
    world.tables.last_id = 0
    world.add(ADDRESS, NAME, PASSWORD)
    if "endpoint" in request.fixturenames:
        prepared.prepare(world, request.getfixturevalue("endpoint").stem)
    return world


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.stem)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_no_secret_is_logged_or_told(
    endpoint: Endpoint,
    fault: Exception | None,
    canary: World,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    if fault is not None:
        canary.fail(fault)
    answers = [canary.call(endpoint.stem, event) for event in requests(endpoint)]
    output = capsys.readouterr()
    logged = output.out + output.err + caplog.text
    seen = "".join(map(told, answers)).replace("query.canary-name", "") + logged
    assert [secret for secret in CANARIES if secret in seen] == []
    assert [secret for answer in answers for secret in issued(answer) if secret in logged] == []
    assert environment.lines_of(output.out)


@pytest.mark.parametrize("token", [TOKEN, TOKEN + "x", forge.signed(payload=forge.claims(sub=ADDRESS)), PASSWORD])
def test_the_authorizer_logs_no_token(
    token: str, world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    event = {"authorizationToken": f"Bearer {token}", "methodArn": f"arn:aws:execute-api:eu:1:api/dev/GET/{NAME}"}
    with contextlib.suppress(Exception):  # Unauthorized, for all but the first
        world.call("authorize_request", event)
    output = capsys.readouterr()
    seen = output.out + output.err + caplog.text
    assert [secret for secret in (*CANARIES, token) if secret in seen] == []


def test_the_canaries_would_be_found(
    canary: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_EXCEPTION_MESSAGES", "yes")
    canary.fail(RuntimeError(ADDRESS))
    canary.call("get_user", an_event(path="/api/users/1", caller=ADA))
    assert ADDRESS in capsys.readouterr().out


def test_the_text_of_our_own_errors_holds_no_value() -> None:
    assert str(RosterError()) == "internal_error"
    assert str(DatabaseFaultError("23505", "users_email_canonical_key")) == (
        "SQLSTATE 23505, constraint users_email_canonical_key"
    )
