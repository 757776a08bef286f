"""The public keys that verify access tokens, as they change: rotated, retired, or taken away."""

import time
from collections.abc import Callable, Iterator, Mapping

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from roster.infrastructure import keys, observability, published_keys
from roster.infrastructure.keys import KeySetError
from roster.infrastructure.last_good import LastGood

REFRESH_SECONDS = 300
# Whoever forges key ids makes each environment ask once in so long.
COOL_DOWN_SECONDS = 30


class VerificationKeys(Mapping[str, EllipticCurvePublicKey]):
    """
    Keys by `kid`; *read* returns the JWK set as it was so many seconds ago, or later.

    For a key that is not known the set is read anew, if that was not done just now.
    """

    def __init__(self, read: Callable[[float], str]) -> None:
        self._read = read
        self._known = LastGood(_parsed, KeySetError)

    def __getitem__(self, key_id: str) -> EllipticCurvePublicKey:
        known = self._of(REFRESH_SECONDS)
        return known[key_id] if key_id in known else self._of(COOL_DOWN_SECONDS)[key_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._of(REFRESH_SECONDS))

    def __len__(self) -> int:
        return len(self._of(REFRESH_SECONDS))

    def _of(self, max_age_seconds: float) -> dict[str, EllipticCurvePublicKey]:
        return self._known.of(self._read(max_age_seconds))


def _parsed(jwk_set: str) -> dict[str, EllipticCurvePublicKey]:
    found = keys.read_public_keys(jwk_set, now=time.time())
    published_at = published_keys.last_published_at(jwk_set)
    if published_at:
        observability.count("KeySetAge", max(0, int(time.time() - published_at)))
    return found
