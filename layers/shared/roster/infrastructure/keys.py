"""The keys of access tokens: ES256, as JWK (RFC 7517), named by their thumbprint (RFC 7638)."""

import base64
import hashlib
import json
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.algorithms import ECAlgorithm
from jwt.exceptions import InvalidKeyError
from jwt.utils import der_to_raw_signature

from roster.infrastructure import published_keys

ALGORITHM = "ES256"


class KeySetError(Exception):
    """A key that was configured cannot be used; the text names no part of it."""


class DeterministicES256(ECAlgorithm):
    """
    ES256 that takes no random number: the nonce follows from the key and the text (RFC 6979).

    Two signatures with one nonce tell the private key. Environments that are restored from one snapshot hold copies
    of whatever state a random generator was in.
    """

    def __init__(self) -> None:
        super().__init__(SHA256)

    def sign(self, msg: bytes, key: EllipticCurvePrivateKey) -> bytes:
        return der_to_raw_signature(key.sign(msg, ECDSA(SHA256(), deterministic_signing=True)), key.curve)


class KeyPair(NamedTuple):
    """*private* is a JWK, *public* a JWK set; both one line of JSON."""

    private: str
    public: str


class SigningKey(NamedTuple):
    key_id: str
    key: EllipticCurvePrivateKey


def generate() -> KeyPair:
    """Make a new signing key."""
    private: dict[str, str] = ECAlgorithm.to_jwk(generate_private_key(SECP256R1()), as_dict=True)
    named = private | {"kid": _thumbprint(private), "alg": ALGORITHM, "use": "sig"}
    public = {name: value for name, value in named.items() if name not in ("d", "key_ops")}
    return KeyPair(json.dumps(named), json.dumps({"keys": [public]}))


def read_signing_key(jwk: str) -> SigningKey:
    """
    Read a private key.

    Raises:
        KeySetError: If it is not a private P-256 key with a `kid`.
    """
    try:
        fields = json.loads(jwk)
        key = ECAlgorithm.from_jwk(fields)
        key_id = fields["kid"]
    except (ValueError, KeyError, TypeError, InvalidKeyError):
        raise KeySetError("The signing key is not a JWK with a kid.") from None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise KeySetError("The signing key is not a private P-256 key.")
    return SigningKey(key_id, key)


def read_public_keys(jwk_set: str, now: float = 0) -> dict[str, EllipticCurvePublicKey]:
    """
    Read a JWK set into keys by `kid`, without those that are retired at *now*.

    Raises:
        KeySetError: If any of them is not a public P-256 key for verifying ES256 signatures.
    """
    try:
        wanted = [fields for fields in json.loads(jwk_set)["keys"] if not published_keys.is_retired(fields, now)]
        return {fields["kid"]: _read_public_key(fields) for fields in wanted}
    except (ValueError, KeyError, TypeError, AttributeError, InvalidKeyError):
        raise KeySetError("The public keys are not a JWK set.") from None


def _read_public_key(fields: dict[str, str]) -> EllipticCurvePublicKey:
    if fields.get("use", "sig") != "sig" or fields.get("alg", ALGORITHM) != ALGORITHM or "key_ops" in fields:
        raise KeySetError("A public key is meant for something else than ES256 signatures.")
    key = ECAlgorithm.from_jwk(fields)
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise KeySetError("A public key is not a public P-256 key.")
    return key


def _thumbprint(jwk: dict[str, str]) -> str:
    canonical = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()
