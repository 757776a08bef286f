"""Who has no good token gets nowhere: no function but the authorizer runs."""

import base64
import json
import time

import httpx
import jwt
import pytest
from roster.infrastructure import keys

from tests.end_to_end.conversation import Client, error_of
from tests.end_to_end.server import LocalServer

pytestmark = pytest.mark.integration

GUARDED = [
    ("GET", "/api/users"),
    ("HEAD", "/api/users"),
    ("GET", "/api/users/1"),
    ("PUT", "/api/users/1"),
    ("PATCH", "/api/users/1"),
    ("DELETE", "/api/users/1"),
    ("PUT", "/api/users/1/password"),
]
NO_TOKEN: list[dict[str, str]] = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Basic YWRtaW46YWRtaW4="},
    {"Authorization": "Bearer not-a-token"},
    {"Authorization": "Bearer a.b"},
    {"Authorization": "Bearer a.b.c.d"},
]


def forged(server: LocalServer) -> str:
    """Return a token that says the right things of the admin and names the server's key, but is signed with ours."""
    served = json.loads(json.loads((server.home / "keys.json").read_text("utf-8"))["public"])["keys"][0]["kid"]
    now = int(time.time())
    claims = {"iss": server.url, "aud": "roster", "sub": "1", "jti": "x", "sid": "x"}
    times = {"iat": now, "exp": now + 60}
    claims |= {"client_id": "roster", "role": "admin"}
    own = keys.read_signing_key(keys.generate().private)
    return jwt.encode({**claims, **times}, own.key, algorithm="ES256", headers={"typ": "at+jwt", "kid": served})


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_without_a_token_no_function_runs(server: LocalServer, anyone: httpx.Client, method: str, path: str) -> None:
    before = len(server.log)
    for headers in NO_TOKEN:
        answer = anyone.request(method, path, headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert method == "HEAD" or error_of(answer)["code"] == "invalid_token"
    assert len(server.log) == before


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_with_a_forged_token_only_the_authorizer_runs(
    server: LocalServer, anyone: httpx.Client, method: str, path: str
) -> None:
    before = len(server.log)
    answer = anyone.request(method, path, headers={"Authorization": f"Bearer {forged(server)}"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert [set(line) & {"AuthorizationsRefused", "RequestTime"} for line in server.log[before:]] == [
        {"AuthorizationsRefused"}
    ]


def test_a_token_whose_role_was_edited_is_refused(ada: Client, anyone: httpx.Client) -> None:
    header, payload, signature = ada.http.headers["Authorization"].split(" ")[1].split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    edited = base64.urlsafe_b64encode(json.dumps(claims | {"role": "admin"}).encode()).rstrip(b"=").decode()
    answer = anyone.get("/api/users", headers={"Authorization": f"Bearer {header}.{edited}.{signature}"})
    assert answer.status_code == 401
