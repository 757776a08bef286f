"""Verifiers with one fault each, as others have shipped them; the suites have to notice every one."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from roster.auth import tokens
from roster.auth.caller import Caller
from roster.errors import UnauthenticatedError

Keys = dict[str, Any]
Verifier = Callable[..., Caller]


def _verifier(claims_of: Callable[[str, Keys, str], dict[str, Any]]) -> Verifier:
    def verify(token: str, *, keys: Keys, issuer: str) -> Caller:
        try:
            claims = claims_of(token, keys, issuer)
            return Caller(int(claims["sub"]), "admin" if claims["role"] == "admin" else "user", str(claims["sid"]))
        except Exception:  # noqa: BLE001 (whatever goes wrong, the token is refused)
            raise UnauthenticatedError from None

    return verify


def _pyjwt(token: str, keys: Keys, issuer: str, **options: Any) -> dict[str, Any]:
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return _decoded(token, key, issuer, **options)


def _decoded(token: str, key: Any, issuer: str, **options: Any) -> dict[str, Any]:
    settings: Any = {"algorithms": ["ES256"], "issuer": issuer, "audience": "roster", "leeway": 30} | options
    return jwt.decode(token, key, **settings)


def _first_key_for_all(token: str, keys: Keys, issuer: str) -> dict[str, Any]:
    return _decoded(token, next(iter(keys.values())), issuer)


def _algorithm_of_the_header(token: str, keys: Keys, issuer: str) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    signing_input, _, signature = token.rpartition(".")
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    if header["alg"].lower() == "none":
        return claims
    if header["alg"] == "HS256":
        secret = next(iter(keys.values())).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        code = base64.urlsafe_b64encode(hmac.digest(secret, signing_input.encode(), hashlib.sha256)).rstrip(b"=")
        assert hmac.compare_digest(code.decode(), signature)
        return claims
    return _pyjwt(token, keys, issuer)


def _key_of_the_header(token: str, keys: Keys, issuer: str) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    return _decoded(token, jwt.PyJWK(header["jwk"]) if "jwk" in header else keys[header["kid"]], issuer)


def _address_of_the_header(token: str, keys: Keys, issuer: str) -> dict[str, Any]:
    address = jwt.get_unverified_header(token).get("jku")
    key = jwt.PyJWKClient(address).get_signing_key_from_jwt(token) if address else None
    return _decoded(token, key, issuer) if key else _pyjwt(token, keys, issuer)


def _unread_signature(token: str, keys: Keys, issuer: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return claims


def _ours_without(check: str) -> Verifier:
    """Return our own verifier with one of its functions doing nothing."""

    def verify(token: str, *, keys: Keys, issuer: str) -> Caller:
        whole = getattr(tokens, check)
        setattr(tokens, check, json.loads)
        try:
            return OURS(token, keys=keys, issuer=issuer)
        except Exception:  # noqa: BLE001 (whatever goes wrong, the token is refused)
            raise UnauthenticatedError from None
        finally:
            setattr(tokens, check, whole)

    return verify


OURS = tokens.verify
# By fault: the verifier, and the attack that gives it away.
WEAKENED: dict[str, tuple[Verifier, str]] = {
    "PyJWT alone": (_verifier(_pyjwt), "duplicates: claim role"),
    "PyJWT alone, of types": (_verifier(_pyjwt), "types: 'JWT'"),
    "PyJWT alone, of headers": (_verifier(_pyjwt), "keys_in_the_header: jku, signed by us"),
    "PyJWT alone, of encodings": (_verifier(_pyjwt), "encodings: payload in utf-16"),
    "PyJWT alone, of signatures": (_verifier(_pyjwt), "signatures: the other s"),
    "no duplicates noticed": (_ours_without("_strictly_parsed"), "duplicates: claim role"),
    "no audience": (
        _verifier(lambda *given: _pyjwt(*given, options={"verify_aud": False})),
        "wrong_claims: aud 'other'",
    ),
    "no issuer": (
        _verifier(lambda token, keys, issuer: _pyjwt(token, keys, issuer, options={"verify_iss": False})),
        "wrong_claims: iss 'http://roster.test'",
    ),
    "no expiry": (
        _verifier(lambda *given: _pyjwt(*given, options={"verify_exp": False, "verify_iat": False})),
        "lifetimes: yesterday",
    ),
    "one key for all names": (_verifier(_first_key_for_all), "key_ids: ours, 'unknown'"),
    "the header's algorithm, none": (_verifier(_algorithm_of_the_header), "unsigned: alg 'none', signature empty"),
    "the header's algorithm, HMAC": (_verifier(_algorithm_of_the_header), "by_hmac: HS256 with PEM"),
    "the header's key": (_verifier(_key_of_the_header), "keys_in_the_header: jwk with their kid"),
    "no signature": (_verifier(_unread_signature), "other_keys: P-256"),
}
FOLLOWS_ADDRESSES = _verifier(_address_of_the_header)
READS_NO_SIGNATURE = _verifier(_unread_signature)
