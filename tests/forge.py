"""Tokens of every kind, most of them bad: what an attacker, or a confused issuer, could send."""

import base64
import json
import time
from typing import Any, Final

from jwt.algorithms import ECAlgorithm
from roster.auth import tokens
from roster.auth.caller import Caller
from roster.infrastructure import keys

ISSUER: Final = "https://roster.test"
KEY_PAIR: Final = keys.generate()
SIGNING_KEY: Final = keys.read_signing_key(KEY_PAIR.private)
PUBLIC_KEYS: Final = keys.read_public_keys(KEY_PAIR.public)
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256."""
LEFT_OUT: Final = object()
"""As a new value it takes the field away."""


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of a good token with *changes*."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": "roster",
        "sub": "7",
        "exp": now + 3600,
        "iat": now,
        "jti": "a3c5e7",
        "client_id": "roster",
        "sid": "b7f0a1c2-0000-4000-8000-000000000007",
        "role": "user",
    }
    return _changed(good, changes)


def header(**changes: Any) -> dict[str, Any]:
    """Return the header of a good token with *changes*."""
    return _changed({"alg": "ES256", "typ": "at+jwt", "kid": SIGNING_KEY.key_id}, changes)


def encoded(part: bytes | object) -> str:
    """Return *part*, as JSON if it is not bytes, in base64url without padding."""
    octets = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def signed(head: bytes | object = None, payload: bytes | object = None) -> str:
    """Return a token whose ES256 signature by the right key is valid, whatever its parts say."""
    head, payload = header() if head is None else head, claims() if payload is None else payload
    signing_input = f"{encoded(head)}.{encoded(payload)}"
    return f"{signing_input}.{encoded(signature_of(signing_input))}"


def signature_of(signing_input: str) -> bytes:
    """Return the signature by the right key, with the smaller s."""
    return smaller(ECAlgorithm(ECAlgorithm.SHA256).sign(signing_input.encode(), SIGNING_KEY.key))


def smaller(signature: bytes) -> bytes:
    """Return that one of the two equivalent signatures whose s is smaller."""
    s = int.from_bytes(signature[32:])
    return signature[:32] + min(s, ORDER - s).to_bytes(32)


def verify(token: str) -> Caller:
    return tokens.verify(token, keys=PUBLIC_KEYS, issuer=ISSUER)


def _changed(good: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (good | changes).items() if value is not LEFT_OUT}
