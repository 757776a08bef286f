"""The Lambda authorizer: a policy for a good token, exactly `Unauthorized` for every other."""

from typing import Any

import pytest
from roster.auth import tokens
from roster.auth.caller import Caller
from roster.infrastructure import keys

from tests import environment, forge
from tests.builders import a_caller, an_admin
from tests.handlers.world import World

ARN = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/dev/GET/api/users/1"


def token_for(caller: Caller) -> str:
    return tokens.issue(caller, key=forge.SIGNING_KEY, issuer=forge.ISSUER, life_seconds=60)


def authorize(world: World, authorization: Any, arn: str = ARN) -> dict[str, Any]:
    event = {"type": "TOKEN", "methodArn": arn, "authorizationToken": authorization}
    return world.call("authorize_request", event)


@pytest.mark.parametrize("caller", [a_caller(), an_admin(), a_caller(user_id=2**63 - 1)])
def test_a_good_token_is_worth_a_policy_and_names_the_caller(caller: Caller, world: World) -> None:
    policy = authorize(world, f"Bearer {token_for(caller)}")
    assert policy["principalId"] == str(caller.user_id)
    assert policy["context"] == {"sub": str(caller.user_id), "role": caller.role, "sid": caller.session_id}
    assert all(isinstance(value, str) for value in policy["context"].values())


@pytest.mark.parametrize("method", ["GET/api/users/1", "DELETE/api/users/1", "GET/", "GET", "POST/a/b/c/d"])
def test_the_policy_covers_the_whole_stage_because_it_is_cached(method: str, world: World) -> None:
    arn = f"arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/dev/{method}"
    (statement,) = authorize(world, f"Bearer {token_for(a_caller())}", arn)["policyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    assert statement["Resource"] == "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/dev/*"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_the_scheme_is_read_in_any_case(scheme: str, world: World) -> None:
    assert authorize(world, f"{scheme} {token_for(a_caller())}")["principalId"] == "1"


@pytest.mark.parametrize("prefix", ["", "Basic ", "Token ", "Bearer", "Bearer\t", "Bearer Bearer ", "DPoP "])
def test_another_scheme_is_refused(prefix: str, world: World) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorize(world, prefix + token_for(a_caller()))


BAD: dict[str, Any] = {
    "missing": None,
    "empty": "",
    "scheme only": "Bearer ",
    "number": 5,
    "list": ["Bearer x"],
    "nonsense": "Bearer a.b.c",
    "expired": f"Bearer {forge.signed(payload=forge.claims(exp=1, iat=0))}",
    "none": f"Bearer {forge.encoded(forge.header(alg='none'))}.{forge.encoded(forge.claims())}.",
    "other issuer": f"Bearer {forge.signed(payload=forge.claims(iss='https://elsewhere.test'))}",
    "other type": f"Bearer {forge.signed(forge.header(typ='JWT'))}",
    "unknown key": f"Bearer {forge.signed(forge.header(kid='../../key'))}",
    "endless": "Bearer " + "x" * 1_000_000,
    "two": f"Bearer {forge.signed()} {forge.signed()}",
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_is_exactly_unauthorized_and_not_logged(
    kind: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$") as refusal:
        authorize(world, BAD[kind])
    assert refusal.value.__suppress_context__
    (line,) = environment.lines_of(capsys.readouterr().out)
    assert line["AuthorizationsRefused"] == 1
    assert not [value for value in line.values() if isinstance(value, str) and len(value) > 100]


@pytest.mark.parametrize("event", [{}, {"methodArn": ARN}, {"methodArn": ARN, "authorizationToken": {}}])
def test_an_event_without_a_token_is_unauthorized(event: dict[str, Any], world: World) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        world.call("authorize_request", event)


@pytest.mark.parametrize("published", ["", "{", "[]", '{"keys": [{"kid": "x"}]}'])
def test_without_usable_keys_it_fails_and_never_opens(
    published: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWT_PUBLIC_KEYS", published)
    with pytest.raises(Exception, match=r"public keys|JWT_PUBLIC_KEYS"):
        authorize(world, f"Bearer {token_for(a_caller())}")


def test_a_token_by_a_key_that_is_no_longer_published_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_PUBLIC_KEYS", keys.generate().public)
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorize(world, f"Bearer {token_for(a_caller())}")


def test_neither_database_nor_cache_is_asked(world: World) -> None:
    world.fail(AssertionError("asked the database"))
    authorize(world, f"Bearer {token_for(a_caller())}")
