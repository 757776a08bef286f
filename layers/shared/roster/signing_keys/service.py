"""The rules of a rotation: four steps, each of which may be repeated, and none of which takes away what is in use."""

import contextlib
import json
import time
from collections.abc import Callable

from roster.auth import tokens
from roster.auth.caller import Caller
from roster.errors import UnauthenticatedError
from roster.infrastructure import keys, observability
from roster.infrastructure.published_keys import LEAD_SECONDS, PUBLISHED_AT
from roster.signing_keys.models import RotationError, SigningKeys
from roster.signing_keys.published_set import PublishedSet
from roster.signing_keys.repository import CURRENT, PENDING, SecretVersions, StageMovedError, VersionTakenError
from roster.signing_keys.signing_secret import SigningSecret

_NOBODY = Caller(1, "user", "rotation")


class Rotation:
    """Takes the steps that Secrets Manager asks for, by their names there; *signing* is the secret that rotates."""

    def __init__(
        self, signing: SecretVersions, published: PublishedSet, issuer: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._versions = signing
        self._signing = SigningSecret(signing)
        self._published = published
        self._issuer = issuer
        self._clock = clock
        self._steps = {
            "createSecret": self._create,
            "setSecret": self._publish,
            "testSecret": self._test,
            "finishSecret": self._finish,
        }

    def take(self, step: str, version_id: str) -> None:
        """
        Take one step for the version of that id.

        Raises:
            RotationError: If it cannot be taken, or not yet; the keys that are in use stay in use.
        """
        if step not in self._steps:
            raise RotationError("There is no such step.")
        stages = self._versions.stages_of(version_id)
        if CURRENT in stages:
            self._supersede_others()
        elif PENDING in stages:
            self._steps[step](version_id)
        else:
            raise RotationError("This version is not being rotated: another one is, or the rotation was cancelled.")

    def _create(self, version_id: str) -> None:
        if self._signing.made(version_id) is None:
            with contextlib.suppress(VersionTakenError):
                self._versions.add(version_id, self._signing.current().rotated().text(), PENDING)

    def _publish(self, version_id: str) -> None:
        current, pending = self._signing.current(), self._signing.successor(version_id)
        wanted = {key["kid"]: key for key in [*current.public(), *pending.public()]}
        self._published.publish(list(wanted.values()), live=set(wanted))

    def _test(self, version_id: str) -> None:
        """Secrets Manager also asks this alone, when a schedule is set, of a copy of what is current."""
        current = self._signing.current()
        pending = self._signing.made(version_id) or current
        if pending.signing["kid"] == current.signing["kid"]:
            self._require_verified(current, self._published.text())
        else:
            self._require_ready(pending)

    def _finish(self, version_id: str) -> None:
        current = self._versions.find(stage=CURRENT)
        self._require_ready(self._signing.successor(version_id))
        try:
            self._versions.move(CURRENT, from_version=current.id if current else "", to_version=version_id)
        except StageMovedError:
            raise RotationError("Somebody else changed the signing key. Look at its versions.") from None
        self._supersede_others()
        observability.count("SigningKeyRotated")

    def _supersede_others(self) -> None:
        self._published.publish(self._signing.current().public(), live=self._signing.live_ids())

    def _require_ready(self, pair: SigningKeys) -> None:
        """Require that verifiers know the key by now, and that what it signs is good."""
        text = self._published.text()
        published_at = {key["kid"]: key.get(PUBLISHED_AT, 0) for key in json.loads(text)["keys"]}
        if not pair.key_ids <= published_at.keys():
            raise RotationError("The keys are not published. Begin with setSecret.")
        wait = published_at[pair.signing["kid"]] + LEAD_SECONDS - self._clock()
        if wait > 0:
            raise RotationError(f"Not everybody knows the new key yet. Rotate again in {wait:.0f} seconds.")
        self._require_verified(pair, text)

    def _require_verified(self, pair: SigningKeys, jwk_set: str) -> None:
        key = keys.read_signing_key(json.dumps(pair.signing))
        token = tokens.issue(_NOBODY, key=key, issuer=self._issuer, life_seconds=60)
        try:
            tokens.verify(token, keys=keys.read_public_keys(jwk_set, now=self._clock()), issuer=self._issuer)
        except UnauthenticatedError:
            raise RotationError("What the key signs is not good by the keys that are published.") from None
