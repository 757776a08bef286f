"""The public keys as they are published; reads no key, so that publishing loads no cryptography."""

import json

# RFC 7518, section 6.2.1, and what RFC 7517 says of any key. A private `d` is not among them.
_MEMBERS = ("kty", "crv", "x", "y", "kid", "alg", "use")


class PublishedKeysError(Exception):
    """The keys that were configured cannot be published; the text names no part of them."""


def read(jwk_set: str) -> list[dict[str, str]]:
    """
    Return the public members of each key in a JWK set, as configured.

    Raises:
        PublishedKeysError: If it is not a JWK set of named elliptic-curve keys.
    """
    try:
        return [_public(key) for key in json.loads(jwk_set)["keys"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PublishedKeysError("The public keys are not a JWK set.") from None


def _public(key: dict[str, str]) -> dict[str, str]:
    if key["kty"] != "EC" or not all(isinstance(key[name], str) for name in ("crv", "x", "y", "kid")):
        raise ValueError
    return {name: key[name] for name in _MEMBERS if name in key}
