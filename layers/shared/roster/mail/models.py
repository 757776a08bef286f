"""What a mail is: while it waits, and when it is decided who gets which letter."""

from datetime import datetime
from typing import Literal, NamedTuple

from roster.auth.address import Address

Kind = Literal["reset_password", "verify_email", "registration"]
Letter = Literal["reset_password", "verify_email", "confirm_registration", "already_registered"]


class Mail(NamedTuple):
    """A mail that somebody asked for, claimed by a sender; *attempts* counts this one as well."""

    id: int
    kind: Kind
    email_canonical: str | None
    user_id: int | None
    registration_id: int | None
    attempts: int


class Addressee(NamedTuple):
    """Who gets which letter; *expires_at* is when its link does, None if it has none."""

    letter: Letter
    address: Address
    expires_at: datetime | None
