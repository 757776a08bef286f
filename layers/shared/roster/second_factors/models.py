"""What clients see of a second factor."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Whether a login asks for a code, since when, and how many recovery codes are left."""

    enabled: bool
    confirmed_at: datetime | None
    recovery_codes_left: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A new secret, shown this once: in base32 to type, and as a URI to put into a QR code."""

    secret: str
    provisioning_uri: str


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """A new set, shown this once."""

    recovery_codes: list[str]
