"""The secret with the signing keys: what its versions hold."""

from roster.signing_keys import models
from roster.signing_keys.models import RotationError, SigningKeys
from roster.signing_keys.repository import CURRENT, PENDING, SecretVersions


class SigningSecret:
    """Reads *versions* as signing keys."""

    def __init__(self, versions: SecretVersions) -> None:
        self.versions = versions

    def current(self) -> SigningKeys:
        """
        Return the keys that are in use.

        Raises:
            RotationError: If there are none.
        """
        found = self._find(stage=CURRENT)
        if found is None:
            raise RotationError("There is no current signing key. Make the first ones.")
        return found

    def made(self, version_id: str) -> SigningKeys | None:
        return self._find(version_id=version_id)

    def successor(self, version_id: str) -> SigningKeys:
        """
        Return the keys of a version that follow the current ones.

        Raises:
            RotationError: If there are none, or they follow others, which may have been stolen.
        """
        pending = self.made(version_id)
        if pending is None:
            raise RotationError("There is no new key yet. Begin with createSecret.")
        if not pending.follows(self.current()):
            raise RotationError("This rotation began from other keys. Cancel it and rotate again.")
        return pending

    def live_ids(self) -> set[str]:
        """Return the ids of the keys that sign, will sign, or are being rotated to."""
        pending = self._find(stage=PENDING)
        return self.current().key_ids | (pending.key_ids if pending else set())

    def _find(self, *, stage: str | None = None, version_id: str | None = None) -> SigningKeys | None:
        found = self.versions.find(stage=stage, version_id=version_id)
        return models.read(found.value) if found else None
