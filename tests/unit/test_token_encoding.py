"""Access tokens that are spelled oddly: one token has one spelling, and JSON one meaning."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from roster.errors import UnauthenticatedError

from tests import forge

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def refused(token: str) -> None:
    with pytest.raises(UnauthenticatedError):
        forge.verify(token)


def resigned(header: str, payload: str) -> str:
    """Return the parts as they are, with a good signature over just these characters."""
    return f"{header}.{payload}.{forge.encoded(forge.signature_of(f'{header}.{payload}'))}"


@pytest.mark.parametrize("claim", ["sub", "role", "exp", "iss", "sid"])
def test_a_claim_that_stands_twice_is_refused(claim: str) -> None:
    good = forge.claims()
    payload = json.dumps({claim: good[claim]})[:-1] + ", " + json.dumps(good)[1:]
    refused(forge.signed(payload=payload.encode()))


@pytest.mark.parametrize("field", ["alg", "typ", "kid"])
def test_a_header_field_that_stands_twice_is_refused(field: str) -> None:
    good = forge.header()
    refused(forge.signed((json.dumps({field: good[field]})[:-1] + ", " + json.dumps(good)[1:]).encode()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_json_in_another_encoding_is_refused(encoding: str) -> None:
    refused(forge.signed(payload=json.dumps(forge.claims()).encode(encoding)))
    refused(forge.signed(json.dumps(forge.header()).encode(encoding)))


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"null", b"[]", b'"x"', b"1", b"\xff", b"[" * 2500, b'{"a":' * 500, b"{}{}"]
)
def test_a_payload_that_is_no_object_is_refused(payload: bytes) -> None:
    refused(forge.signed(payload=payload))


@pytest.mark.parametrize("padding", ["=", "==", "===", "\n", " ", "\0", "%3D"])
@pytest.mark.parametrize("part", [0, 1, 2])
def test_padding_and_blanks_are_refused(part: int, padding: str) -> None:
    parts = forge.signed().split(".")
    parts[part] += padding
    refused(".".join(parts))
    refused(resigned(parts[0], parts[1]) + (padding if part == 2 else ""))


def test_a_last_character_with_bits_to_spare_is_refused() -> None:
    header, payload, signature = forge.signed().split(".")
    last = ALPHABET.index(signature[-1])
    refused(f"{header}.{payload}.{signature[:-1]}{ALPHABET[last ^ 1]}")


def test_the_standard_alphabet_is_refused() -> None:
    payload = forge.encoded(json.dumps(forge.claims(jti="\u00bf\u00be\u00ff" * 8), ensure_ascii=False).encode("utf-8"))
    assert "-" in payload or "_" in payload
    assert forge.verify(resigned(forge.encoded(forge.header()), payload))
    refused(resigned(forge.encoded(forge.header()), payload.replace("-", "+").replace("_", "/")))


@pytest.mark.parametrize("count", [0, 1, 3, 4])
def test_a_token_has_three_parts(count: int) -> None:
    parts = [*forge.signed().split("."), "e30", "e30"]
    refused(".".join(parts[:count] if count < 3 else parts[: count + 1]))


@pytest.mark.parametrize(
    "token", ["", ".", "..", "...", "a.b.c", "e30.e30.e30", "Bearer x.y.z", "\u00e9.\u00e9.\u00e9"]
)
def test_nonsense_is_refused(token: str) -> None:
    refused(token)


@pytest.mark.parametrize("signature", [b"", b"\0" * 64, b"\xff" * 64, b"\0" * 63, b"\0" * 65, b"\0" * 2])
def test_a_made_up_signature_is_refused(signature: bytes) -> None:
    header, payload, _ = forge.signed().split(".")
    refused(f"{header}.{payload}.{forge.encoded(signature)}")


def test_a_signature_in_asn1_is_refused() -> None:
    header, payload, _ = forge.signed().split(".")
    signature = forge.SIGNING_KEY.key.sign(f"{header}.{payload}".encode(), ECDSA(SHA256()))
    refused(f"{header}.{payload}.{forge.encoded(signature)}")


def test_a_payload_under_another_tokens_signature_is_refused() -> None:
    header, _, signature = forge.signed().split(".")
    refused(f"{header}.{forge.encoded(forge.claims(role='admin'))}.{signature}")


def test_no_character_of_a_token_can_be_exchanged() -> None:
    token = forge.signed()
    for place, character in enumerate(token):
        other = "A" if character != "A" else "B"
        refused(f"{token[:place]}{other}{token[place + 1 :]}")


def test_no_character_of_a_token_can_be_left_out() -> None:
    token = forge.signed()
    for place in range(len(token)):
        refused(token[:place] + token[place + 1 :])
