"""What a user is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from roster.auth.caller import Role

Status = Literal["active", "disabled"]


@dataclass(frozen=True, slots=True)
class User:
    """A registered user; *version* grows by one with every change and becomes the ETag."""

    id: int
    email: str
    name: str
    role: Role
    status: Status
    email_verified: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Changes:
    """New values for some fields of a user; None leaves a field as it is."""

    email: str | None = None
    name: str | None = None
    role: Role | None = None
    status: Status | None = None
