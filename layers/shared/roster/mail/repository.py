"""The ports to the mails that wait, and to whoever decides who gets them."""

from typing import Protocol

from roster.mail.models import Addressee, Mail


class Outbox(Protocol):
    """The mails that wait to be sent; what is done is kept for a while."""

    def add_reset(self, canonical: str) -> None:
        """Ask for a link to a new password: the same one row whether anybody has that address or not."""

    def add_verification(self, user_id: int) -> None:
        """Ask for a link that verifies that user's address."""

    def overdue_seconds(self) -> float | None:
        """Return for how long the mail has been due that has been so longest, None if none is."""

    def claim(self, lease_seconds: float) -> Mail | None:
        """Return a mail that is due and nobody else's for *lease_seconds*, None if there is none."""

    def remove(self, mail: Mail) -> None:
        """Forget a mail that nobody is to get."""

    def mark_sent(self, mail: Mail) -> None:
        """Note that it was handed over; a bounce that was quicker stands."""

    def postpone(self, mail: Mail, code: str, delay_seconds: float) -> None:
        """Try again after *delay_seconds*, unless another sender has claimed it meanwhile."""

    def give_up(self, mail: Mail, code: str) -> None:
        """Keep it as failed, unless another sender has claimed it meanwhile."""

    def find(self, mail_id: int) -> Mail | None:
        """Return a mail that was sent or is being sent, whoever claimed it."""

    def mark_bounced(self, mail: Mail, code: str, delay_seconds: float | None) -> bool:
        """
        Note that this attempt bounced: to be sent again after *delay_seconds*, or failed if that is None.

        Return False, and change nothing, if this attempt bounced already or is not the last one.
        """

    def mark_complained(self, mail: Mail) -> None:
        """Note that the recipient calls it spam."""

    def clean_up(self) -> None:
        """Forget what was done long ago."""


class Addressees(Protocol):
    """Who gets a mail is looked up when it is sent, not when it is asked for."""

    def make_link(self, mail: Mail, token_hash: bytes) -> Addressee | None:
        """Keep the hash for the mail's addressee and return them; None if nobody is to get this mail."""

    def clean_up(self) -> None:
        """Forget links and registrations that have expired."""
