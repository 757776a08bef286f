"""Code by others verifies our tokens with nothing but the issuer's address: discovery, published keys, signature."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from roster.infrastructure import keys

from tests import npm
from tests.end_to_end.conversation import Client
from tests.end_to_end.server import LocalServer

pytestmark = pytest.mark.integration

FOREIGN = Path(__file__).parents[1] / "foreign"
Tokens = dict[str, str]


def token_of(client: Client) -> str:
    return str(client.http.headers["Authorization"]).removeprefix("Bearer ")


@pytest.fixture
def good(ada: Client, admin: Client) -> Tokens:
    """Return tokens as logins gave them, by the subject that they speak for."""
    return {str(client.user["id"]): token_of(client) for client in (ada, admin)}


@pytest.fixture
def bad(server: LocalServer, ada: Client) -> Tokens:
    """Return tokens that say almost the same."""
    pair = json.loads((server.home / "keys.json").read_text("utf-8"))
    ours = keys.read_signing_key(pair["private"])
    theirs = keys.read_signing_key(keys.generate().private)
    claims = jwt.decode(token_of(ada), options={"verify_signature": False})

    def signed(key: keys.SigningKey, **changes: Any) -> str:
        headers = {"typ": "at+jwt", "kid": ours.key_id}
        return jwt.encode(claims | changes, key.key, algorithm="ES256", headers=headers)

    head, payload, signature = token_of(ada).split(".")
    return {
        "by another key": signed(theirs),
        "by an unknown key": jwt.encode(claims, theirs.key, algorithm="ES256", headers={"kid": theirs.key_id}),
        "for others": signed(ours, aud="other"),
        "by others": signed(ours, iss="https://elsewhere.test"),
        "expired": signed(ours, iat=int(time.time()) - 600, exp=int(time.time()) - 300),
        "edited": f"{head}.{signed(ours, role='admin').split('.')[1]}.{signature}",
        "unsigned": jwt.encode(claims, "", algorithm="none"),
        "cut": f"{head}.{payload}.",
    }


def verified_with_pyjwt(server: LocalServer, token: str, known: jwt.PyJWKClient) -> str | None:
    try:
        key = known.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, algorithms=["ES256"], issuer=server.url, audience="roster")
    except jwt.PyJWTError:
        return None
    return str(claims["sub"])


def test_pyjwt_verifies_our_tokens_and_no_others(server: LocalServer, good: Tokens, bad: Tokens, ada: Client) -> None:
    discovered = ada.http.get("/.well-known/openid-configuration").json()
    assert discovered["issuer"] == server.url
    known = jwt.PyJWKClient(discovered["jwks_uri"])
    assert {name: verified_with_pyjwt(server, token, known) for name, token in good.items()} == {
        name: name for name in good
    }
    assert {name: verified_with_pyjwt(server, token, known) for name, token in bad.items()} == dict.fromkeys(bad)


@pytest.fixture(scope="module")
def node_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm.installed(FOREIGN, tmp_path_factory.mktemp("foreign"))


@pytest.mark.slow
def test_jose_and_aws_jwt_verify_verify_our_tokens_and_no_others(
    node_project: Path, server: LocalServer, good: Tokens, bad: Tokens
) -> None:
    asked = json.dumps({"issuer": server.url, "tokens": good | bad})
    done = subprocess.run(
        ["node", "verify.mjs"], cwd=node_project, input=asked, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    verdicts = json.loads(done.stdout)
    assert verdicts.keys() == {"jose", "aws-jwt-verify"}
    for library in verdicts.values():
        assert {name: library[name] for name in good} == {name: {"sub": name} for name in good}
        assert {name for name in bad if library[name].keys() == {"refused"}} == bad.keys()
