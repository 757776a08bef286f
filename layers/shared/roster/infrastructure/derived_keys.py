"""One secret, and the keys derived from it: one for each purpose, so that what serves one says nothing of another."""

import base64
import hmac
import re
import secrets

from roster.infrastructure import secret_values, settings
from roster.infrastructure.settings import SettingsError

_BYTES = 32
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


def key_for(purpose: str) -> bytes:
    """
    Return the key of 256 bits for *purpose*.

    Raises:
        SettingsError: If the secret is missing, is not base64url, or has less than 32 bytes.
        UnavailableError: If it is kept elsewhere, and was never read from there.
    """
    return hmac.digest(_octets(secret_values.read(settings.api_secret())), purpose.encode(), "sha256")


def generate() -> str:
    """Make a secret."""
    return secrets.token_urlsafe(_BYTES)


def _octets(text: str) -> bytes:
    is_spelled_well = _BASE64URL.fullmatch(text) and len(text) % 4 != 1
    octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if is_spelled_well else b""
    if len(octets) < _BYTES:
        raise SettingsError("The secret of API_SECRET has to be base64url of 32 bytes or more.")
    return octets
