"""Sending what waits in the outbox, and hearing of what came back."""

import hashlib
import random
import secrets
import time
from collections.abc import Callable

from roster.errors import UnavailableError
from roster.infrastructure import observability
from roster.infrastructure.mail import Mailer, MailNotSentError, Message
from roster.mail.models import Addressee, Mail
from roster.mail.repository import Addressees, Outbox

ATTEMPTS_MAX = 12
# Longer than the function that sends may run: a mail whose lease is over has nobody who still works on it.
LEASE_SECONDS = 120.0
# Senders run every minute.
_LATE_SECONDS = 60.0
_DELAY_SECONDS = 60.0
_DELAY_SECONDS_MAX = 6 * 3600.0
_CLEAN_UP_EVERY_SECONDS = 600.0

Write = Callable[[Addressee, str], Message]


def delay_seconds(attempts: int) -> float:
    """Return how long to wait after that many attempts: a minute, doubling to six hours, and up to a quarter more."""
    delay = min(_DELAY_SECONDS * 2.0 ** (attempts - 1), _DELAY_SECONDS_MAX)
    return delay * random.uniform(1, 1.25)  # noqa: S311 (it only keeps senders apart)


class Sender:
    """
    Sends each mail at least once: one whose sender dies before it is marked is sent again, with another link.

    *write* makes a message for an addressee, with a token in its link. Between claiming a mail and marking it no
    transaction is open.
    """

    def __init__(self, outbox: Outbox, addressees: Addressees, write: Write, mailer: Mailer) -> None:
        self._outbox = outbox
        self._addressees = addressees
        self._write = write
        self._mailer = mailer
        self._clean_up_at = 0.0

    def send_due(self, seconds: float) -> int:
        """Begin to send mails for that many seconds, and return how many were sent; returns early if none is left."""
        ends_at, sent = time.monotonic() + seconds, 0
        self._tell_whether_late()
        while time.monotonic() < ends_at and (mail := self._outbox.claim(LEASE_SECONDS)):
            try:
                sent += self._handle(mail)
            except MailNotSentError as error:
                self._try_later(mail, error.code)
                if error.is_about_us:
                    break  # it would refuse the others as well
        self._clean_up()
        return sent

    def _tell_whether_late(self) -> None:
        overdue_seconds = self._outbox.overdue_seconds()
        if overdue_seconds and overdue_seconds > _LATE_SECONDS:
            observability.count("MailOverdue", overdue_seconds)

    def _handle(self, mail: Mail) -> bool:
        if mail.attempts > ATTEMPTS_MAX:  # its senders died
            raise MailNotSentError("interrupted")
        try:
            is_sent = self._send(mail)
        except (MailNotSentError, UnavailableError):
            raise
        except Exception as error:  # noqa: BLE001 (a bug about this mail must not keep the others waiting)
            observability.log_fault(error)
            raise MailNotSentError("internal_error") from None
        if not is_sent:
            self._outbox.remove(mail)
            return False
        self._outbox.mark_sent(mail)
        observability.count("MailSent")
        return True

    def _send(self, mail: Mail) -> bool:
        """Hand the mail over, if anybody is to get it."""
        token = secrets.token_urlsafe(32)
        addressee = self._addressees.make_link(mail, hashlib.sha256(token.encode()).digest())
        if addressee is None:
            return False
        self._mailer.send(self._write(addressee, token), mail.id, mail.attempts)
        return True

    def _try_later(self, mail: Mail, code: str) -> None:
        if mail.attempts >= ATTEMPTS_MAX:
            self._outbox.give_up(mail, code)
            report_failed(mail, code)
        else:
            self._outbox.postpone(mail, code, delay_seconds(mail.attempts))
            observability.report("MailPostponed", mail_id=mail.id, code=code)

    def _clean_up(self) -> None:
        if time.monotonic() >= self._clean_up_at:
            self._clean_up_at = time.monotonic() + _CLEAN_UP_EVERY_SECONDS
            self._outbox.clean_up()
            self._addressees.clean_up()


def report_failed(mail: Mail, code: str) -> None:
    """Say that nobody will try to send this mail again."""
    observability.report("MailFailed", mail_id=mail.id, kind=mail.kind, code=code, attempts=mail.attempts)
