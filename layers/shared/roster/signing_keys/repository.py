"""What keeps a secret: versions that never change, and labels that say which of them counts."""

from typing import NamedTuple, Protocol

CURRENT = "AWSCURRENT"
PENDING = "AWSPENDING"


class VersionTakenError(Exception):
    """There is a version of that name, with another value."""


class StageMovedError(Exception):
    """The label is no longer on the version from which it was to be taken."""


class Version(NamedTuple):
    id: str
    value: str


class SecretVersions(Protocol):
    """One secret. A label (*stage*) is on one version at a time; moving it is atomic."""

    def find(self, *, stage: str | None = None, version_id: str | None = None) -> Version | None:
        """Return the version that has that label or that id, None if there is none or it is empty."""

    def stages_of(self, version_id: str) -> set[str]:
        """Return the labels of a version, none if there is no such version."""

    def add(self, version_id: str, value: str, stage: str) -> None:
        """
        Add a version and put that label on it; adding the same again changes nothing.

        Raises:
            VersionTakenError: If there is such a version with another value.
        """

    def move(self, stage: str, *, from_version: str, to_version: str) -> None:
        """
        Move a label from one version to another.

        Raises:
            StageMovedError: If it is not on *from_version*.
        """

    def remove(self, stage: str) -> None:
        """Take a label off whatever version it is on."""
