"""Sending: each mail at least once, none for nobody, later and later when it fails, and never given up silently."""

import hashlib
import random
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from roster.errors import UnavailableError
from roster.infrastructure.mail import MailNotSentError, Message
from roster.mail import rendering, service
from roster.mail.models import Addressee
from roster.mail.rendering import Place
from roster.mail.service import ATTEMPTS_MAX, LEASE_SECONDS, Sender, delay_seconds

from tests import environment
from tests.builders import a_new_user
from tests.fake_links import FakeAddressees
from tests.fake_outbox import FakeMailer, FakeOutbox, MailTables
from tests.fake_tables import FakeTables
from tests.fakes import FakeUsers

SECONDS = 5.0
PLACE = Place("Roster", "https://app.example.com")
Refusal = Callable[[], Exception]


class Office:
    """A sender on fakes, and Ada, to whom it may write."""

    def __init__(self) -> None:
        self.mail_tables = MailTables(FakeTables())
        self.outbox, self.addressees = FakeOutbox(self.mail_tables), FakeAddressees(self.mail_tables)
        self.mailer = FakeMailer()
        self.ada = FakeUsers(self.mail_tables.tables).add(a_new_user("Ada@Example.com"))
        self.sender = self.another_sender()

    def another_sender(self, mailer: Any = None) -> Sender:
        return Sender(self.outbox, self.addressees, self.write, mailer or self.mailer)

    def write(self, addressee: Addressee, token: str) -> Message:
        return rendering.write(addressee, token, PLACE)

    def run(self) -> int:
        return self.sender.send_due(SECONDS)

    @property
    def rows(self) -> list[Any]:
        return list(self.mail_tables.mails.values())


def token_of(message: Message) -> bytes:
    """Return the hash of the token in a mail's link."""
    (token,) = re.findall(r"#token=([A-Za-z0-9_-]{43})\s", message.text)
    return hashlib.sha256(str(token).encode()).digest()


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    environment.set_up(monkeypatch)
    monkeypatch.setattr(random, "uniform", lambda least, most: 1.0)
    return Office()


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return environment.lines_of(capsys.readouterr().out)


def test_a_mail_goes_to_the_address_that_its_user_typed(office: Office) -> None:
    office.outbox.add_reset("ada@example.com")
    assert office.run() == 1
    ((message, mail_id, attempt),) = office.mailer.sent
    assert (message.to, mail_id, attempt) == ("Ada@example.com", office.rows[0].mail.id, 1)
    assert office.rows[0].sent_at


def test_the_token_in_the_mail_is_kept_as_its_hash_only(office: Office) -> None:
    office.outbox.add_reset("ada@example.com")
    office.run()
    assert list(office.mail_tables.tokens) == [token_of(office.mailer.sent[0][0])]


@pytest.mark.parametrize("canonical", ["nobody@example.com", "ada@example.co"])
def test_a_mail_for_nobody_is_forgotten_quietly(
    canonical: str, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.outbox.add_reset(canonical)
    assert office.run() == 0
    assert (office.rows, office.mailer.sent, office.mail_tables.tokens, logged(capsys)) == ([], [], {}, [])


def test_an_empty_outbox_leaves_the_log_alone(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.run() == 0
    assert logged(capsys) == []


def test_all_that_is_due_is_sent_in_one_go(office: Office) -> None:
    for _ in range(25):
        office.outbox.add_verification(office.ada.id)
    assert office.run() == 25
    assert len({message.text for message, _, _ in office.mailer.sent}) == 25


def test_when_the_time_is_over_the_rest_waits_for_the_next_run(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        office.outbox.add_verification(office.ada.id)
    clock = iter([0.0, 1.0, 6.0, *[7.0] * 10])
    monkeypatch.setattr(service, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert office.run() == 1
    assert [row.claimed_until for row in office.rows if not row.sent_at] == [None, None]


def test_a_refused_mail_waits_a_minute_then_twice_as_long_up_to_six_hours(office: Office) -> None:
    office.outbox.add_reset("ada@example.com")
    waits = []
    for _ in range(ATTEMPTS_MAX - 1):
        office.mailer.refusals = [MailNotSentError("MessageRejected")]
        office.run()
        wait = office.rows[0].next_attempt_at - office.mail_tables.now()
        waits.append(round(wait.total_seconds() / 60))
        office.mail_tables.passed += wait + timedelta(milliseconds=10)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert office.run() == 1


def test_senders_are_kept_apart_by_chance() -> None:
    waits = {delay_seconds(3) for _ in range(100)}
    assert len(waits) > 90
    assert 240 <= min(waits) <= max(waits) <= 300


def test_after_the_last_attempt_it_is_kept_as_failed_and_told(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.outbox.add_reset("ada@example.com")
    office.rows[0].mail = office.rows[0].mail._replace(attempts=ATTEMPTS_MAX - 1)
    office.mailer.refusals = [MailNotSentError("MessageRejected")]
    assert office.run() == 0
    (row,) = office.rows
    assert (row.error_code, bool(row.failed_at), row.sent_at) == ("MessageRejected", True, None)
    lines = logged(capsys)
    assert [(line["kind"], line["code"]) for line in lines if "MailFailed" in line] == [
        ("reset_password", "MessageRejected")
    ]
    assert [line["mail_id"] for line in lines if line["message"] == "MailFailed"] == [row.mail.id]
    assert "ada" not in str(lines).lower()
    assert office.run() == 0


def test_one_bad_mail_does_not_hold_up_the_others(office: Office) -> None:
    for _ in range(3):
        office.outbox.add_verification(office.ada.id)
    office.mailer.refusals = [MailNotSentError("MessageRejected")]
    assert office.run() == 2


def test_when_all_would_be_refused_the_others_are_not_tried_and_lose_no_attempt(office: Office) -> None:
    for _ in range(3):
        office.outbox.add_verification(office.ada.id)
    office.mailer.refusals = [MailNotSentError("TooManyRequestsException", is_about_us=True)]
    assert office.run() == 0
    assert sorted(row.mail.attempts for row in office.rows) == [0, 0, 1]
    assert office.run() == 2


def test_a_bug_about_one_mail_is_logged_and_does_not_hold_up_the_others(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        office.outbox.add_verification(office.ada.id)
    office.mailer.refusals = [RuntimeError("ada@example.com")]
    assert office.run() == 1
    assert sorted(row.error_code or "" for row in office.rows) == ["", "internal_error"]
    lines = logged(capsys)
    assert [line["error_type"] for line in lines if line.get("message") == "fault"] == ["RuntimeError"]
    assert "ada@" not in str(lines)


def test_a_sender_that_dies_after_sending_leaves_the_mail_to_be_sent_again(office: Office) -> None:
    office.outbox.add_reset("ada@example.com")
    office.mailer.refusals = [KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        office.run()
    assert office.run() == 0, "it is still claimed"
    office.mail_tables.passed += timedelta(seconds=LEASE_SECONDS)
    assert office.run() == 1
    assert office.mailer.sent[0][2] == 2


def test_a_database_that_is_away_after_sending_ends_the_run_and_the_mail_is_sent_again(office: Office) -> None:
    office.outbox.add_reset("ada@example.com")

    class Cutting(FakeMailer):
        def send(self, *arguments: Any) -> None:
            super().send(*arguments)
            office.mail_tables.tables.is_away = True

    cutting = Cutting()
    with pytest.raises(UnavailableError):
        office.another_sender(cutting).send_due(SECONDS)
    assert len(cutting.sent) == 1
    office.mail_tables.tables.is_away = False
    office.mail_tables.passed += timedelta(seconds=LEASE_SECONDS)
    assert office.run() == 1


def test_a_mail_whose_senders_always_die_is_given_up_in_the_end(office: Office) -> None:
    office.outbox.add_reset("ada@example.com")
    office.rows[0].mail = office.rows[0].mail._replace(attempts=ATTEMPTS_MAX)
    assert office.run() == 0
    assert (office.rows[0].error_code, office.mailer.sent) == ("interrupted", [])


def test_old_rows_are_cleaned_up_now_and_then(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = office.mail_tables.tables.calls
    for _ in range(3):
        office.run()
    assert (calls.count("outbox.clean_up"), calls.count("addressees.clean_up")) == (1, 1)
