"""The private keys of one moment: the one that signs, and the one that will after the next rotation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roster.infrastructure import keys, published_keys
from roster.infrastructure.keys import KeySetError

_NEXT = "next"

Jwk = dict[str, Any]


class RotationError(Exception):
    """A step of a rotation cannot be taken; says why, and nothing of a key."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """
    A pair of private JWKs.

    Both are published at the same time, so that verifiers know a key for a whole term before it signs.
    """

    signing: Jwk
    following: Jwk

    @property
    def key_ids(self) -> set[str]:
        return {self.signing["kid"], self.following["kid"]}

    def text(self) -> str:
        """Return both on one line: the JWK that signs, and within it the next one."""
        return json.dumps({**self.signing, _NEXT: self.following})

    def public(self) -> list[Jwk]:
        return [published_keys.public(self.signing), published_keys.public(self.following)]

    def rotated(self) -> "SigningKeys":
        return SigningKeys(self.following, _new())

    def follows(self, others: "SigningKeys") -> bool:
        return bool(self.signing["kid"] == others.following["kid"])


def generate() -> SigningKeys:
    return SigningKeys(_new(), _new())


def read(text: str) -> SigningKeys:
    """
    Read what `text` wrote.

    Raises:
        KeySetError: If that is not what this is.
    """
    try:
        fields = json.loads(text)
        following = fields.pop(_NEXT)
        for each in (fields, following):
            keys.read_signing_key(json.dumps(each))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeySetError("The signing key is not a JWK with the next one in it.") from None
    return SigningKeys(fields, following)


def _new() -> Jwk:
    made: Mapping[str, Any] = json.loads(keys.generate().private)
    return dict(made)
