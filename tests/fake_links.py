"""In-memory stand-ins for links, and for registrations that wait for theirs."""

from dataclasses import replace
from datetime import datetime, timedelta

from roster.auth.address import Address
from roster.links import making_statements
from roster.links.models import Owner
from roster.links.repository import InvalidLinkError, Links
from roster.mail.models import Addressee, Kind, Mail
from roster.mail.repository import Addressees
from roster.users.repository import EmailTakenError, NewUser, PendingRegistrations

from tests import fake_trail as trail
from tests.fake_outbox import MailTables, Pending, Token
from tests.fake_tables import Row
from tests.fakes import FakeUsers


class FakeAddressees(Addressees, PendingRegistrations):
    """Implements both in memory."""

    def __init__(self, mail_tables: MailTables) -> None:
        self.mail_tables = mail_tables

    def make_link(self, mail: Mail, token_hash: bytes) -> Addressee | None:
        with self.mail_tables.tables.called("addressees.make_link"):
            return self._confirmation(mail, token_hash) if mail.registration_id else self._of_user(mail, token_hash)

    def add(self, new: NewUser) -> None:
        with self.mail_tables.tables.called("pending_registrations.add"):
            registration_id = self.mail_tables.new_id()
            self.mail_tables.pending[registration_id] = Pending(new, self._in(making_statements.REGISTRATION_SECONDS))
            self.mail_tables.add_mail("registration", subject_id=registration_id)

    def clean_up(self) -> None:
        with self.mail_tables.tables.called("addressees.clean_up"):
            tables, limit = self.mail_tables, self.mail_tables.now()
            tables.tokens = {key: each for key, each in tables.tokens.items() if each.expires_at > limit}
            for key in [key for key, each in tables.pending.items() if each.expires_at <= limit]:
                tables.remove_pending(key)

    def _of_user(self, mail: Mail, token_hash: bytes) -> Addressee | None:
        for row in self.mail_tables.tables.rows.values():
            is_meant = (
                row.user.id == mail.user_id if mail.kind == "verify_email" else row.canonical == mail.email_canonical
            )
            if (
                is_meant
                and row.user.status == "active"
                and not (mail.kind == "verify_email" and row.user.email_verified)
            ):
                expires_at = self._in(making_statements.BY_KIND[mail.kind][1])
                self._keep(
                    token_hash, Token(mail.kind, row.user.id, None, row.canonical, self.mail_tables.now(), expires_at)
                )
                self.mail_tables.mails[mail.id].mail = self.mail_tables.mails[mail.id].mail._replace(
                    user_id=row.user.id
                )
                return Addressee(
                    "verify_email" if mail.kind == "verify_email" else "reset_password",
                    Address(row.user.email, row.canonical),
                    expires_at,
                )
        return None

    def _confirmation(self, mail: Mail, token_hash: bytes) -> Addressee:
        assert mail.registration_id
        pending = self.mail_tables.pending[mail.registration_id]
        address = pending.new.address
        for row in self.mail_tables.tables.rows.values():
            if row.canonical == address.canonical:
                return Addressee("already_registered", Address(row.user.email, row.canonical), None)
        pending.expires_at = self._in(making_statements.VERIFICATION_SECONDS)
        token = Token(
            mail.kind, None, mail.registration_id, address.canonical, self.mail_tables.now(), pending.expires_at
        )
        self._keep(token_hash, token)
        return Addressee("confirm_registration", address, pending.expires_at)

    def _keep(self, token_hash: bytes, token: Token) -> None:
        self.mail_tables.tokens[token_hash] = token

    def _in(self, seconds: int) -> datetime:
        return self.mail_tables.now() + timedelta(seconds=seconds)


class FakeLinks(Links):
    """Implements `Links` in memory; *failures* forgets failed logins."""

    def __init__(self, mail_tables: MailTables) -> None:
        self.mail_tables = mail_tables
        self.users = FakeUsers(mail_tables.tables)

    def find_reset(self, token_hash: bytes) -> Owner | None:
        with self.mail_tables.tables.called("links.find_reset"):
            row = self._owner(token_hash, "reset_password")
            return Owner(row.user.id, row.user.email, row.user.name, row.has_second_factor) if row else None

    def find_verification(self, token_hash: bytes) -> Owner | None:
        with self.mail_tables.tables.called("links.find_verification"):
            row, pending = self._owner(token_hash, "verify_email"), self._pending(token_hash)
            if pending:
                return Owner(None, pending.new.address.typed, pending.new.name)
            return Owner(row.user.id, row.user.email, row.user.name) if row else None

    def reset_password(self, token_hash: bytes, user_id: int, password_hash: str) -> None:
        with self.mail_tables.tables.called("links.reset_password"):
            row = self._used(token_hash, "reset_password", user_id)
            self._verify(row)
            row.password_hash = password_hash
            row.password_changed_at = max(self.mail_tables.now(), row.password_changed_at + timedelta(milliseconds=1))
            tokens = self.mail_tables.tokens.items()
            self.mail_tables.tokens = {
                key: each for key, each in tokens if (each.user_id, each.kind) != (user_id, "reset_password")
            }
            trail.record(self.mail_tables.tables, "password.reset", user_id)
            trail.end_sessions(self.mail_tables.tables, user_id)

    def verify_email(self, token_hash: bytes, user_id: int) -> None:
        with self.mail_tables.tables.called("links.verify_email"):
            self._verify(self._used(token_hash, "verify_email", user_id))

    def register(self, token_hash: bytes) -> int:
        with self.mail_tables.tables.called("links.register"):
            pending = self._pending(token_hash)
            if pending is None:
                raise InvalidLinkError
            try:
                user = self.users.add(pending.new)
            except EmailTakenError:
                raise InvalidLinkError from None
            row = self.mail_tables.tables.rows[user.id]
            row.user = replace(user, email_verified=True)
            events = self.mail_tables.tables.events
            events[-1] = replace(events[-1], after=trail.facts(row.user))
            canonical = pending.new.address.canonical
            for key in [
                key for key, each in self.mail_tables.pending.items() if each.new.address.canonical == canonical
            ]:
                self.mail_tables.remove_pending(key)
            return user.id

    def _token(self, token_hash: bytes, kind: Kind) -> Token | None:
        token = self.mail_tables.tokens.get(token_hash)
        return token if token and token.kind == kind and token.expires_at > self.mail_tables.now() else None

    def _owner(self, token_hash: bytes, kind: Kind) -> Row | None:
        token = self._token(token_hash, kind)
        row = self.mail_tables.tables.rows.get(token.user_id or 0) if token else None
        if token is None or row is None or row.canonical != token.canonical or row.user.status != "active":
            return None
        is_outdated = kind == "reset_password" and row.password_changed_at > token.created_at
        return None if is_outdated else row

    def _used(self, token_hash: bytes, kind: Kind, user_id: int) -> Row:
        row = self._owner(token_hash, kind)
        if row is None or row.user.id != user_id:
            raise InvalidLinkError
        del self.mail_tables.tokens[token_hash]
        return row

    def _pending(self, token_hash: bytes) -> Pending | None:
        token = self._token(token_hash, "registration")
        return self.mail_tables.pending.get(token.registration_id or 0) if token else None

    def _verify(self, row: Row) -> None:
        if not row.user.email_verified:
            row.user = replace(
                row.user, email_verified=True, updated_at=self.mail_tables.now(), version=row.user.version + 1
            )
            facts = {"email_verified": False}, {"email_verified": True}
            trail.record(self.mail_tables.tables, "email.verified", row.user.id, *facts)
