"""The public keys as they are published; reads no key, so that publishing loads no cryptography."""

import json
from typing import Any

PublicKey = dict[str, Any]

# A key signs nothing before verifiers had this long to learn of it: twice what ours and others keep a set.
LEAD_SECONDS = 900
# A superseded key verifies for this long: a day for who signs and has not heard of it, and a day for their tokens.
OVERLAP_SECONDS = 172_800
PUBLISHED_AT, SUPERSEDED_AT = "published_at", "superseded_at"

# RFC 7518, section 6.2.1, and what RFC 7517 says of any key. A private `d` is not among them, nor are our own marks.
_MEMBERS = ("kty", "crv", "x", "y", "kid", "alg", "use")


class PublishedKeysError(Exception):
    """The keys that were configured cannot be published; the text names no part of them."""


def read(jwk_set: str, now: float) -> list[dict[str, str]]:
    """
    Return the public members of each key in a JWK set, as configured, but of those that are retired.

    Raises:
        PublishedKeysError: If it is not a JWK set of named elliptic-curve keys.
    """
    try:
        return [public(key) for key in json.loads(jwk_set)["keys"] if not is_retired(key, now)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PublishedKeysError("The public keys are not a JWK set.") from None


def public(key: PublicKey) -> dict[str, str]:
    """Return what everybody may know of a key."""
    if key["kty"] != "EC" or not all(isinstance(key[name], str) for name in ("crv", "x", "y", "kid")):
        raise ValueError
    return {name: key[name] for name in _MEMBERS if name in key}


def is_retired(key: PublicKey, now: float) -> bool:
    """Return whether every token that the key may have signed has expired."""
    return SUPERSEDED_AT in key and now >= int(key[SUPERSEDED_AT]) + OVERLAP_SECONDS


def last_published_at(jwk_set: str) -> int | None:
    """Return when a key was published last, which each rotation does; None where keys carry no such mark."""
    times = [key.get(PUBLISHED_AT) for key in json.loads(jwk_set)["keys"]]
    return max((time for time in times if isinstance(time, int)), default=None)
