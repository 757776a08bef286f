"""The first keys of a deployment, and others in place of stolen ones."""

import contextlib
import uuid

from roster.infrastructure import sealing
from roster.signing_keys import models
from roster.signing_keys.published_set import FIRST_VERSION, PublishedSet
from roster.signing_keys.repository import CURRENT, PENDING, SecretVersions, VersionTakenError
from roster.signing_keys.signing_secret import SigningSecret


class FirstKeys:
    """Makes what is missing; *sealing_keys* is the secret of second factors."""

    def __init__(self, signing: SecretVersions, published: PublishedSet, sealing_keys: SecretVersions) -> None:
        self._signing = signing
        self._published = published
        self._sealing_keys = sealing_keys

    def make(self) -> None:
        """Put keys where there are none, and publish what signs; no key that is there is touched. May be repeated."""
        if self._sealing_keys.find(stage=CURRENT) is None:
            _add_first(self._sealing_keys, sealing.generate())
        if self._signing.find(stage=CURRENT) is None:
            _add_first(self._signing, models.generate().text())
        signing = SigningSecret(self._signing)
        self._published.publish(signing.current().public(), live=signing.live_ids())

    def replace(self) -> None:
        """
        Sign with new keys and publish nothing but them: no token that was issued is good any more. May be repeated.

        A rotation that has begun is cancelled, for its keys may be stolen as well.
        """
        self._signing.remove(PENDING)
        new = models.generate()
        self._signing.add(str(uuid.uuid4()), new.text(), CURRENT)
        self._published.replace(new.public())


def _add_first(secret: SecretVersions, value: str) -> None:
    with contextlib.suppress(VersionTakenError):
        secret.add(FIRST_VERSION, value, CURRENT)
