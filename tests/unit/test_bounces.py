"""What SES tells of mail that came back, and what becomes of that mail."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from roster.infrastructure import ses_events
from roster.infrastructure.ses_events import Feedback, UnreadableFeedbackError
from roster.mail.bounces import Bounces
from roster.mail.service import ATTEMPTS_MAX

from tests import environment
from tests.fake_outbox import FakeOutbox, MailRow, MailTables
from tests.fake_tables import FakeTables

TAGS = {"mail_id": ["1"], "attempt": ["1"], "ses:configuration-set": ["roster-dev"]}
SOFT = Feedback("bounce", "bounce_transient_mailboxfull", False, 1, 1)
HARD = Feedback("bounce", "bounce_permanent_general", True, 1, 1)


def an_event(kind: str = "Bounce", tags: Any = TAGS, **parts: Any) -> str:
    return json.dumps({"eventType": kind, "mail": {"messageId": "m", "tags": tags}} | parts)


def a_bounce(kind: str = "Transient", detail: str = "MailboxFull") -> dict[str, Any]:
    return {"bounceType": kind, "bounceSubType": detail, "bouncedRecipients": [{"emailAddress": "ada@example.com"}]}


@pytest.mark.parametrize(
    ("event", "feedback"),
    [
        (an_event(bounce=a_bounce()), SOFT),
        (an_event(bounce=a_bounce("Permanent", "General")), HARD),
        (an_event(bounce=a_bounce("Undetermined", "")), SOFT._replace(code="bounce_undetermined")),
        (an_event("Reject", reject={"reason": "Bad content"}), HARD._replace(code="reject")),
        (an_event("Complaint", complaint={}), Feedback("complaint", "complaint", True, 1, 1)),
    ],
)
def test_feedback_names_the_mail_the_attempt_and_a_code(event: str, feedback: Feedback) -> None:
    assert ses_events.read(event) == feedback


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        "null",
        '{"eventType": "Bounce"}',
        an_event("Delivery"),
        an_event(bounce=a_bounce(), tags={}),
        an_event(bounce=a_bounce(), tags=TAGS | {"mail_id": []}),
        an_event(bounce=a_bounce(), tags=TAGS | {"mail_id": ["0"]}),
        an_event(bounce=a_bounce(), tags=TAGS | {"mail_id": ["1; DROP TABLE"]}),
        an_event(bounce=a_bounce(), tags=TAGS | {"attempt": ["9" * 19]}),
        an_event(bounce=a_bounce(), tags=TAGS | {"attempt": [1]}),
        an_event(bounce="x"),
    ],
)
def test_what_is_not_about_a_mail_of_ours_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFeedbackError):
        ses_events.read(text)


def test_a_code_is_one_short_word_whatever_ses_says() -> None:
    read = ses_events.read(an_event(bounce=a_bounce("Permanent", "ada@example.com\n" * 9)))
    assert re.fullmatch("bounce_permanent_[a-z]{20}", read.code)


class Post:
    """Bounces on a fake outbox with one mail that was sent."""

    def __init__(self) -> None:
        self.mail_tables = MailTables(FakeTables())
        self.outbox = FakeOutbox(self.mail_tables)
        self.bounces = Bounces(self.outbox)
        self.outbox.add_reset("ada@example.com")
        self.send()

    def send(self) -> None:
        mail = self.outbox.claim(60)
        assert mail
        self.outbox.mark_sent(mail)

    @property
    def row(self) -> MailRow:
        return self.mail_tables.mails[1]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    environment.set_up(monkeypatch)
    return Post()


def test_a_soft_bounce_is_marked_and_the_mail_is_sent_again_later(post: Post) -> None:
    post.bounces.record(SOFT)
    assert (post.row.error_code, post.row.sent_at, post.row.failed_at) == (SOFT.code, None, None)
    assert post.row.bounced_at
    assert post.outbox.claim(60) is None
    wait = post.row.next_attempt_at - post.mail_tables.now()
    assert 55 <= wait.total_seconds() <= 75
    post.mail_tables.passed += wait + timedelta(seconds=1)
    post.send()
    assert (bool(post.row.sent_at), post.row.mail.attempts, bool(post.row.bounced_at)) == (True, 2, True)


def test_told_twice_it_is_sent_again_once(post: Post) -> None:
    post.bounces.record(SOFT)
    due = post.row.next_attempt_at
    post.bounces.record(SOFT)
    assert post.row.next_attempt_at == due
    post.mail_tables.passed += timedelta(seconds=80)
    post.send()
    post.bounces.record(SOFT)
    assert post.row.sent_at, "that was about the first attempt"


def test_a_hard_bounce_is_kept_as_failed_and_counted(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    post.bounces.record(HARD)
    post.bounces.record(HARD)
    assert (post.row.error_code, bool(post.row.failed_at), bool(post.row.sent_at)) == (HARD.code, True, True)
    lines = environment.lines_of(capsys.readouterr().out)
    assert [line["code"] for line in lines if "MailReturned" in line] == [HARD.code] * 2
    assert [line["code"] for line in lines if "MailFailed" in line] == [HARD.code]
    assert "ada" not in str(lines)


def test_a_bounce_of_the_last_attempt_is_the_end(post: Post) -> None:
    post.row.mail = post.row.mail._replace(attempts=ATTEMPTS_MAX)
    post.bounces.record(SOFT._replace(attempt=ATTEMPTS_MAX))
    assert post.row.failed_at


def test_a_bounce_that_is_quicker_than_the_mark_is_not_lost(post: Post) -> None:
    post.outbox.add_reset("ada@example.com")
    mail = post.outbox.claim(60)
    assert mail
    post.bounces.record(SOFT._replace(mail_id=mail.id))
    post.outbox.mark_sent(mail)
    assert post.mail_tables.mails[mail.id].sent_at is None


def test_a_complaint_is_noted_and_nothing_is_sent_again(post: Post) -> None:
    post.bounces.record(Feedback("complaint", "complaint", True, 1, 1))
    assert (post.row.error_code, bool(post.row.sent_at)) == ("complaint", True)


def test_feedback_about_no_mail_is_logged(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    post.bounces.record(SOFT._replace(mail_id=99))
    lines = environment.lines_of(capsys.readouterr().out)
    assert [line["mail_id"] for line in lines if line.get("level") == "WARNING"] == [99]
