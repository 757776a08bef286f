"""What others verify access tokens with: loads no cryptography, no database and no cache."""

import time

from roster.auth import discovery
from roster.auth.discovery import Discovery, KeySet
from roster.infrastructure import published_keys, secret_values, settings


def key_set() -> KeySet:
    return KeySet(published_keys.read(secret_values.read(settings.public_keys()), time.time()))


def document() -> Discovery:
    return discovery.document(settings.token_issuer())
