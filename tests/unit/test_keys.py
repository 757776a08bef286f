"""Keys: what is made, what is read, and which keys are refused."""

import json
from typing import Any

import pytest
from roster.infrastructure import keys

PAIR = keys.generate()
PUBLIC: dict[str, Any] = json.loads(PAIR.public)["keys"][0]
PRIVATE: dict[str, Any] = json.loads(PAIR.private)
P384 = {
    "kty": "EC",
    "crv": "P-384",
    "x": "UfDVoRypaNWw-qBhUmRe5bj_Fas1mA2Yi67pqlBthMzbTyoXNxUuqTNz9rTKCvpx",
    "y": "kqk9xcNLNAXw5xg17rNPx-m3WJF9dHzrrH3CSV_zmOckA0P64ZYPkHQq3wO7UEgo",
}
RSA = {
    "kty": "RSA",
    "n": "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0_IzW7yWR7QkrmBL7jTKEn5u",
    "e": "AQAB",
}
OCTETS = {"kty": "oct", "k": "c2VjcmV0IHNlY3JldCBzZWNyZXQ"}


def with_changes(jwk: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (jwk | changes).items() if value is not None}


def test_a_generated_pair_belongs_together() -> None:
    private = keys.read_signing_key(PAIR.private)
    assert (
        keys.read_public_keys(PAIR.public)[private.key_id].public_numbers() == private.key.public_key().public_numbers()
    )


def test_the_public_side_holds_no_private_number() -> None:
    assert PRIVATE["d"] not in PAIR.public
    assert "d" not in PUBLIC


def test_a_pair_is_two_lines_of_text() -> None:
    assert "\n" not in PAIR.private + PAIR.public


def test_two_pairs_differ_in_key_and_name() -> None:
    assert keys.read_public_keys(keys.generate().public).keys().isdisjoint(keys.read_public_keys(PAIR.public))


def test_a_set_may_hold_several_keys() -> None:
    other = json.loads(keys.generate().public)["keys"][0]
    assert keys.read_public_keys(json.dumps({"keys": [PUBLIC, other]})).keys() == {PUBLIC["kid"], other["kid"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "enc"}, {"use": ""}, {"alg": "ES384"}, {"alg": "none"}, {"alg": "HS256"}, {"key_ops": ["sign"]},
        {"key_ops": ["verify"]}, {"key_ops": []}, {"d": PRIVATE["d"]}, {"kid": None}, {"x": None}, {"y": "AA"},
        {"x": PUBLIC["y"]}, {"crv": "P-384"}, {"crv": "secp256k1"}, {"kty": "oct"}, {"kty": "RSA"}, {"x": 5}, P384, RSA,
        OCTETS, {"kid": []},
    ],
)  # fmt: skip
def test_a_public_key_for_anything_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(keys.KeySetError):
        keys.read_public_keys(json.dumps({"keys": [with_changes(PUBLIC, changes)]}))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "1", '{"key": []}', '{"keys": 1}', '{"keys": ["x"]}', '{"keys": [[]]}']
)
def test_what_is_no_key_set_is_refused(text: str) -> None:
    with pytest.raises(keys.KeySetError):
        keys.read_public_keys(text)


@pytest.mark.parametrize(
    "changes", [{"d": None}, {"kid": None}, {"d": "AA", "x": "AA"}, {"crv": "P-384"}, {"kty": "oct"}, OCTETS, RSA, P384]
)
def test_a_signing_key_that_cannot_sign_es256_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(keys.KeySetError):
        keys.read_signing_key(json.dumps(with_changes(PRIVATE, changes)))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", '"x"', "-----BEGIN EC KEY-----"])
def test_what_is_no_signing_key_is_refused(text: str) -> None:
    with pytest.raises(keys.KeySetError):
        keys.read_signing_key(text)


def test_a_refusal_shows_no_part_of_the_key() -> None:
    broken = json.dumps(PRIVATE | {"crv": "P-384"})
    with pytest.raises(keys.KeySetError) as refusal:
        keys.read_signing_key(broken)
    assert not any(str(value) in str(refusal.value) for value in (PRIVATE["d"], PRIVATE["x"], PRIVATE["kid"]))
    assert refusal.value.__suppress_context__
