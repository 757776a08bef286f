"""Access tokens with a header that would choose its own algorithm, key or type (RFC 8725 sections 2 and 3)."""

import base64
import hashlib
import hmac
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from roster.errors import UnauthenticatedError

from tests import forge

NONE_SPELLINGS = ["none", "None", "NONE", "nOnE", "none ", " none", "n\u043ene", "", "null"]
ALGORITHMS = ["HS256", "HS384", "HS512", "RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "es256", "ES256 "]


def refused(token: str) -> None:
    with pytest.raises(UnauthenticatedError):
        forge.verify(token)


def hmac_signed(secret: bytes, algorithm: str = "HS256") -> str:
    signing_input = f"{forge.encoded(forge.header(alg=algorithm))}.{forge.encoded(forge.claims())}"
    return f"{signing_input}.{forge.encoded(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"


@pytest.mark.parametrize("algorithm", NONE_SPELLINGS)
@pytest.mark.parametrize("signature", ["", "AA"])
def test_a_token_without_a_signature_is_refused_however_it_spells_none(algorithm: str, signature: str) -> None:
    refused(f"{forge.encoded(forge.header(alg=algorithm))}.{forge.encoded(forge.claims())}.{signature}")


@pytest.mark.parametrize("algorithm", [*NONE_SPELLINGS, *ALGORITHMS, None, 1, True, [], ["ES256"], {"ES256": 1}])
def test_another_algorithm_is_refused_even_with_a_good_signature(algorithm: Any) -> None:
    refused(forge.signed(forge.header(alg=algorithm)))


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_the_public_key_is_no_hmac_secret(encoding: Encoding) -> None:
    secret = next(iter(forge.PUBLIC_KEYS.values())).public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    refused(hmac_signed(secret))
    refused(hmac_signed(secret.strip()))


@pytest.mark.parametrize("secret", [b"", forge.KEY_PAIR.public.encode(), forge.SIGNING_KEY.key_id.encode()],
                         ids=["nothing", "the key set", "the key's name"])  # fmt: skip
def test_nothing_published_is_an_hmac_secret(secret: bytes) -> None:
    refused(hmac_signed(secret))
    refused(hmac_signed(secret, algorithm="ES256"))


@pytest.mark.parametrize(
    "kind", ["JWT", "jwt", "at+JWT", "AT+JWT", "application/at+jwt", "rt+jwt", "at+jwt ", "", None, 1, ["at+jwt"]]
)
def test_another_type_is_refused(kind: Any) -> None:
    refused(forge.signed(forge.header(typ=kind)))


@pytest.mark.parametrize(
    "key_id",
    [
        "unknown", "", "../../dev/null", "/etc/passwd", "' OR 1=1 --", "https://evil.test/key", "x" * 2000,
        forge.SIGNING_KEY.key_id + "\0", forge.SIGNING_KEY.key_id.lower() + "x", None, 0, True, [], {},
        [forge.SIGNING_KEY.key_id], {forge.SIGNING_KEY.key_id: 1},
    ],
    ids=range(16),
)  # fmt: skip
def test_a_key_is_only_looked_up_by_its_name(key_id: Any) -> None:
    refused(forge.signed(forge.header(kid=key_id)))


@pytest.mark.parametrize("field", ["alg", "typ", "kid"])
def test_every_field_of_the_header_is_required(field: str) -> None:
    refused(forge.signed(forge.header(**{field: forge.LEFT_OUT})))


@pytest.mark.parametrize("field", ["jku", "jwk", "x5u", "x5c", "x5t", "zip", "crit", "b64", "cty", "enc", "ALG", "Kid"])
def test_no_other_field_of_the_header_is_allowed(field: str) -> None:
    refused(forge.signed(forge.header(**{field: "https://evil.test/keys.json"})))


def test_a_key_in_the_header_is_refused() -> None:
    numbers = next(iter(forge.PUBLIC_KEYS.values())).public_numbers()
    x, y = (base64.urlsafe_b64encode(number.to_bytes(32)).decode() for number in (numbers.x, numbers.y))
    refused(forge.signed(forge.header(jwk={"kty": "EC", "crv": "P-256", "x": x, "y": y})))


@pytest.mark.parametrize("header", [[], "at+jwt", 1, None, True, ["alg", "typ", "kid"]])
def test_a_header_that_is_no_object_is_refused(header: Any) -> None:
    refused(forge.signed(b"null" if header is None else header))
