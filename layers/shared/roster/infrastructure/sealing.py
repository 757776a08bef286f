"""Secrets at rest: sealed with AES-256-GCM under keys of ours, named so that they can be rotated."""

import base64
import json
import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from roster.errors import RosterError
from roster.infrastructure.sealed import Sealed

_KEY_BYTES = 32
_NONCE_BYTES = 12


class SealError(RosterError):
    """The keys cannot be used, or what was sealed cannot be opened; says which, never a value."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.args = (what,)


class Sealer:
    """Seals with the first of its keys and opens with any of them."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._key_id = next(iter(keys))

    @property
    def key_id(self) -> str:
        """Return the name of the key that seals."""
        return self._key_id

    def seal(self, secret: bytes, context: str) -> Sealed:
        """Return *secret* sealed; it opens with the same *context* only, say whose it is."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return Sealed(self._key_id, nonce + self._keys[self._key_id].encrypt(nonce, secret, context.encode()))

    def open(self, sealed: Sealed, context: str) -> bytes:
        """
        Return the secret.

        Raises:
            SealError: If the key is gone, or this was altered or sealed in another context.
        """
        if sealed.key_id not in self._keys:
            raise SealError("The key that a secret was sealed with is not configured.")
        nonce, ciphertext = sealed.data[:_NONCE_BYTES], sealed.data[_NONCE_BYTES:]
        try:
            return self._keys[sealed.key_id].decrypt(nonce, ciphertext, context.encode())
        except (InvalidTag, ValueError):
            raise SealError("A sealed secret cannot be opened.") from None


class ChangingSealer(Sealer):
    """Is whatever sealer *current* returns at that moment."""

    def __init__(self, current: Callable[[], Sealer]) -> None:
        self._current = current

    @property
    def key_id(self) -> str:
        return self._current().key_id

    def seal(self, secret: bytes, context: str) -> Sealed:
        return self._current().seal(secret, context)

    def open(self, sealed: Sealed, context: str) -> bytes:
        return self._current().open(sealed, context)


def generate() -> str:
    """Make a set of one new key: a JWK set (RFC 7517) on one line."""
    key = base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).rstrip(b"=").decode()
    return json.dumps({"keys": [{"kty": "oct", "kid": secrets.token_hex(4), "alg": "A256GCM", "k": key}]})


def read(jwk_set: str) -> Sealer:
    """
    Read a JWK set; its first key seals.

    Raises:
        SealError: If there is no key in it, or one that is not of 256 bits, or two of one name.
    """
    try:
        keys = [(str(fields["kid"]), _octets(fields["k"])) for fields in json.loads(jwk_set)["keys"]]
    except (ValueError, KeyError, TypeError):
        raise SealError("The keys that seal secrets are not a JWK set.") from None
    if not keys or len(dict(keys)) != len(keys) or any(len(key) != _KEY_BYTES for _, key in keys):
        raise SealError("Each key that seals secrets has 256 bits and a name of its own, and there is at least one.")
    return Sealer(dict(keys))


def _octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
