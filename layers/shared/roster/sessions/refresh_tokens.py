"""Refresh tokens: opaque, used once, kept only as a hash."""

import base64
import hashlib
import hmac
import secrets

_PREFIX = "rt_"
_BYTES = 32


def make() -> str:
    """Return a new token with 256 random bits."""
    return _spelled(secrets.token_bytes(_BYTES))


def seed() -> bytes:
    """Return what leads from one token to its successor."""
    return secrets.token_bytes(_BYTES)


def successor(token: str, seed: bytes) -> str:
    """
    Return the token that follows *token*: the same for the same seed, and unknown to who has only one of them.

    So a repeated use within the grace can be answered with what the first one got, though that is kept nowhere.
    """
    return _spelled(hmac.digest(token.encode(), seed, "sha256"))


def hashed(token: str) -> bytes:
    """Return the SHA-256 that is kept; with 256 random bits before it, no slow hash is needed."""
    return hashlib.sha256(token.encode()).digest()


def is_one(text: str) -> bool:
    """Return whether *text* has the form of a refresh token."""
    return len(text) == len(_spelled(bytes(_BYTES))) and text.startswith(_PREFIX) and text.isascii()


def _spelled(octets: bytes) -> str:
    return _PREFIX + base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
