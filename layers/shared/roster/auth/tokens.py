"""Access tokens: JWT in the profile of RFC 9068, signed with ES256; the only module that signs or verifies one."""

import base64
import binascii
import json
import time
import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from roster.auth import signatures
from roster.auth.caller import Caller, parse_id
from roster.errors import UnauthenticatedError
from roster.infrastructure.keys import ALGORITHM, DeterministicES256, SigningKey

TYPE = "at+jwt"
AUDIENCE = "roster"
CLIENT_ID = "roster"

_LENGTH_MAX = 4096
_LIFE_SECONDS_MAX = 86_400
_LEEWAY_SECONDS = 30
_HEADER = {"alg", "typ", "kid"}
_CLAIMS = {"iss", "aud", "sub", "exp", "iat", "jti", "client_id", "sid", "role"}


def issue(caller: Caller, *, key: SigningKey, issuer: str, life_seconds: int) -> str:
    """Return a signed access token for *caller*, valid from now for *life_seconds*."""
    now = int(time.time())
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": str(caller.user_id),
        "exp": now + life_seconds,
        "iat": now,
        "jti": str(uuid.uuid4()),
        "client_id": CLIENT_ID,
        "sid": caller.session_id,
        "role": caller.role,
    }
    payload = json.dumps(claims, separators=(",", ":")).encode()
    token = _signer().encode(payload, key.key, algorithm=ALGORITHM, headers={"typ": TYPE, "kid": key.key_id})
    return signatures.with_smaller_s(token)


@cache
def _signer() -> jwt.PyJWS:
    signer = jwt.PyJWS()
    signer.unregister_algorithm(ALGORITHM)
    signer.register_algorithm(ALGORITHM, DeterministicES256())
    return signer


def verify(token: str, *, keys: Mapping[str, EllipticCurvePublicKey], issuer: str) -> Caller:
    """
    Return the caller that *token* speaks for.

    PyJWT checks signature, expiry, issuer and audience. Around it stands what it lets through: size, strict
    base64url, the other one of two signatures, duplicate members, unknown headers, other types (RFC 8725,
    section 3.11), claims of a wrong type.

    Raises:
        UnauthenticatedError: For every kind of bad token alike; the reason is not told.
    """
    header = _header_of(token)
    key = keys.get(header["kid"])
    if key is None:
        raise UnauthenticatedError
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=issuer,
            audience=AUDIENCE,
            leeway=_LEEWAY_SECONDS,
            options={"require": sorted(_CLAIMS), "strict_aud": True},
        )
    except jwt.PyJWTError:
        raise UnauthenticatedError from None
    return _caller_from(claims)


def _header_of(token: str) -> dict[str, str]:
    """Return the header of a token whose three parts are well formed."""
    if len(token) > _LENGTH_MAX or not token.isascii() or token.count(".") != 2:
        raise UnauthenticatedError
    header, payload, signature = (_strictly_decoded(part) for part in token.split("."))
    fields = _strictly_parsed(header)
    _strictly_parsed(payload)
    is_header = set(fields) == _HEADER and fields["typ"] == TYPE and isinstance(fields["kid"], str)
    if not is_header or not signatures.is_ours(signature):
        raise UnauthenticatedError
    return fields


def _strictly_decoded(part: str) -> bytes:
    """Decode base64url that is exactly what an encoder would have written."""
    try:
        decoded = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise UnauthenticatedError from None
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != part.encode():
        raise UnauthenticatedError
    return decoded


def _strictly_parsed(text: bytes) -> dict[str, Any]:
    """Parse a JSON object in UTF-8 in which no member stands twice."""
    try:
        fields = json.loads(text.decode("utf-8"), object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError):
        raise UnauthenticatedError from None
    if not isinstance(fields, dict):
        raise UnauthenticatedError
    return fields


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError
    return fields


def _caller_from(claims: dict[str, Any]) -> Caller:
    issued, expires = claims["iat"], claims["exp"]
    times_are_right = type(issued) is int and type(expires) is int and 0 < expires - issued <= _LIFE_SECONDS_MAX
    texts_are_right = all(isinstance(claims[name], str) and claims[name] for name in ("sub", "jti", "sid"))
    if set(claims) != _CLAIMS or not times_are_right or not texts_are_right:
        raise UnauthenticatedError
    if claims["client_id"] != CLIENT_ID or claims["role"] not in ("user", "admin"):
        raise UnauthenticatedError
    user_id = parse_id(claims["sub"])
    if user_id is None:
        raise UnauthenticatedError
    return Caller(user_id, claims["role"], claims["sid"])
