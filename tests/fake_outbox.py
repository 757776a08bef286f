"""In-memory stand-ins for the outbox and for whatever takes mail."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from roster.infrastructure.mail import Message
from roster.mail.models import Kind, Mail
from roster.mail.repository import Outbox
from roster.users.models import User
from roster.users.repository import NewUser

from tests.fake_tables import FakeTables


@dataclass(slots=True)
class MailRow:
    """A mail as the tables hold it."""

    mail: Mail
    next_attempt_at: datetime
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
    bounced_at: datetime | None = None
    failed_at: datetime | None = None
    error_code: str | None = None


@dataclass(slots=True)
class Token:
    kind: Kind
    user_id: int | None
    registration_id: int | None
    canonical: str
    created_at: datetime
    expires_at: datetime


@dataclass(slots=True)
class Pending:
    new: NewUser
    expires_at: datetime


@dataclass(slots=True)
class MailTables:
    """The rows about mail, beside those about users; *passed* makes all of them older."""

    tables: FakeTables
    mails: dict[int, MailRow] = field(default_factory=dict)
    tokens: dict[bytes, Token] = field(default_factory=dict)
    pending: dict[int, Pending] = field(default_factory=dict)
    last_id: int = 0
    passed: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.tables.on_erase.append(self.forget_user)

    def forget_user(self, user_id: int) -> None:
        self.tokens = {key: each for key, each in self.tokens.items() if each.user_id != user_id}
        self.mails = {key: each for key, each in self.mails.items() if each.mail.user_id != user_id}

    def now(self) -> datetime:
        now = datetime.now(UTC) + self.passed
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def add_mail(self, kind: Kind, *, canonical: str | None = None, subject_id: int | None = None) -> None:
        user_id, registration_id = (None, subject_id) if kind == "registration" else (subject_id, None)
        mail = Mail(self.new_id(), kind, canonical, user_id, registration_id, attempts=0)
        self.mails[mail.id] = MailRow(mail, self.now())

    def add_tokens(self, user: User, **tokens: str) -> None:
        """Make links to that user, of these kinds and with these tokens."""
        canonical, now = self.tables.rows[user.id].canonical, self.now()
        for kind, token in tokens.items():
            kept = Token(cast(Kind, kind), user.id, None, canonical, now, now + timedelta(hours=1))
            self.tokens[hashlib.sha256(token.encode()).digest()] = kept

    def remove_pending(self, registration_id: int) -> None:
        """Forget a registration with all that refers to it."""
        del self.pending[registration_id]
        self.tokens = {key: each for key, each in self.tokens.items() if each.registration_id != registration_id}
        self.mails = {key: each for key, each in self.mails.items() if each.mail.registration_id != registration_id}


class FakeOutbox(Outbox):
    """Implements `Outbox` in memory."""

    def __init__(self, mail_tables: MailTables) -> None:
        self.mail_tables = mail_tables

    def add_reset(self, canonical: str) -> None:
        with self.mail_tables.tables.called("outbox.add_reset"):
            self.mail_tables.add_mail("reset_password", canonical=canonical)

    def add_verification(self, user_id: int) -> None:
        with self.mail_tables.tables.called("outbox.add_verification"):
            self.mail_tables.add_mail("verify_email", subject_id=user_id)

    def overdue_seconds(self) -> float | None:
        with self.mail_tables.tables.called("outbox.overdue_seconds"):
            now = self.mail_tables.now()
            waiting = [row for row in self.mail_tables.mails.values() if not (row.sent_at or row.failed_at)]
            due = [now - row.next_attempt_at for row in waiting if row.next_attempt_at <= now]
            return max(due).total_seconds() if due else None

    def claim(self, lease_seconds: float) -> Mail | None:
        with self.mail_tables.tables.called("outbox.claim"):
            due = sorted(filter(self._is_due, self.mail_tables.mails.values()), key=lambda row: row.next_attempt_at)
            if not due:
                return None
            due[0].claimed_until = self.mail_tables.now() + timedelta(seconds=lease_seconds)
            due[0].mail = due[0].mail._replace(attempts=due[0].mail.attempts + 1)
            return due[0].mail

    def remove(self, mail: Mail) -> None:
        with self.mail_tables.tables.called("outbox.remove"):
            self.mail_tables.mails.pop(mail.id, None)

    def mark_sent(self, mail: Mail) -> None:
        with self.mail_tables.tables.called("outbox.mark_sent"):
            row = self.mail_tables.mails.get(mail.id)
            if row and row.failed_at is None and row.next_attempt_at <= self.mail_tables.now():
                row.sent_at, row.claimed_until, row.error_code = self.mail_tables.now(), None, None

    def postpone(self, mail: Mail, code: str, delay_seconds: float) -> None:
        with self.mail_tables.tables.called("outbox.postpone"):
            row = self._claimed(mail)
            if row:
                self._delay(row, code, delay_seconds)

    def give_up(self, mail: Mail, code: str) -> None:
        with self.mail_tables.tables.called("outbox.give_up"):
            row = self._claimed(mail)
            if row:
                row.failed_at, row.claimed_until, row.error_code = self.mail_tables.now(), None, code

    def find(self, mail_id: int) -> Mail | None:
        with self.mail_tables.tables.called("outbox.find"):
            row = self.mail_tables.mails.get(mail_id)
            return row.mail if row else None

    def mark_bounced(self, mail: Mail, code: str, delay_seconds: float | None) -> bool:
        with self.mail_tables.tables.called("outbox.mark_bounced"):
            row = self.mail_tables.mails.get(mail.id)
            is_first = row and row.failed_at is None and row.next_attempt_at <= self.mail_tables.now()
            if row is None or not is_first or row.mail.attempts != mail.attempts:
                return False
            row.bounced_at = self.mail_tables.now()
            if delay_seconds is None:
                row.failed_at, row.claimed_until, row.error_code = row.bounced_at, None, code
            else:
                row.sent_at = None
                self._delay(row, code, delay_seconds)
            return True

    def mark_complained(self, mail: Mail) -> None:
        with self.mail_tables.tables.called("outbox.mark_complained"):
            self.mail_tables.mails[mail.id].error_code = "complaint"

    def clean_up(self) -> None:
        with self.mail_tables.tables.called("outbox.clean_up"):
            oldest = self.mail_tables.now() - timedelta(days=90)
            done = {key: row.failed_at or row.sent_at for key, row in self.mail_tables.mails.items()}
            for mail_id in [key for key, at in done.items() if at and at < oldest]:
                del self.mail_tables.mails[mail_id]

    def _is_due(self, row: MailRow) -> bool:
        is_done = row.sent_at or row.failed_at
        is_claimed = row.claimed_until and row.claimed_until > self.mail_tables.now()
        return not (is_done or is_claimed) and row.next_attempt_at <= self.mail_tables.now()

    def _claimed(self, mail: Mail) -> MailRow | None:
        row = self.mail_tables.mails.get(mail.id)
        return row if row and row.mail.attempts == mail.attempts and row.sent_at is None else None

    def _delay(self, row: MailRow, code: str, delay_seconds: float) -> None:
        row.claimed_until, row.error_code = None, code
        row.next_attempt_at = self.mail_tables.now() + timedelta(seconds=delay_seconds)


class FakeMailer:
    """Implements `Mailer` by keeping what it is given; raises each of *refusals* in turn before that."""

    def __init__(self) -> None:
        self.sent: list[tuple[Message, int, int]] = []
        self.refusals: list[Exception] = []

    def send(self, message: Message, mail_id: int, attempt: int) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append((message, mail_id, attempt))
