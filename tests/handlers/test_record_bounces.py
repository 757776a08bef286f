"""The function that hears of mail that came back: what a queue behind SNS invokes."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from roster.errors import UnavailableError

from tests import environment
from tests.builders import a_context
from tests.functions import handler_of
from tests.handlers.mail import send
from tests.handlers.world import World

SAMPLE = json.loads((Path(__file__).parents[2] / "events" / "record_bounces.json").read_text("utf-8"))


def record(world: World, *messages: str) -> None:
    bodies = [json.dumps({"Type": "Notification", "Message": message}) for message in messages]
    handler_of("record_bounces")({"Records": [{"body": body} for body in (*bodies, "no JSON", "[]")]}, a_context())


def a_message(bounce_type: str = "Transient") -> str:
    message: dict[str, Any] = json.loads(json.loads(SAMPLE["Records"][0]["body"])["Message"])
    message["bounce"]["bounceType"] = bounce_type
    return json.dumps(message)


@pytest.fixture
def sent(world: World) -> World:
    world.outbox.add_reset("ada@example.com")
    assert send(world) == 1
    return world


def test_a_mail_that_came_back_is_sent_again_later(sent: World) -> None:
    handler_of("record_bounces")(SAMPLE, a_context())
    (row,) = sent.mail_tables.mails.values()
    assert (row.error_code, row.sent_at) == ("bounce_transient_mailboxfull", None)
    sent.mail_tables.passed += timedelta(seconds=80)
    assert send(sent) == 1
    assert [attempt for _, _, attempt in sent.mailer.sent] == [1, 2]


def test_one_that_cannot_arrive_is_kept_and_told(sent: World, capsys: pytest.CaptureFixture[str]) -> None:
    record(sent, a_message("Permanent"))
    (row,) = sent.mail_tables.mails.values()
    assert row.failed_at
    lines = environment.lines_of(capsys.readouterr().out)
    assert [line["mail_id"] for line in lines if "MailFailed" in line] == [row.mail.id]
    assert "ada@" not in str(lines)


def test_a_message_that_says_nothing_does_not_keep_the_others_from_being_read(
    sent: World, capsys: pytest.CaptureFixture[str]
) -> None:
    record(sent, "nonsense", "{}", a_message())
    (row,) = sent.mail_tables.mails.values()
    assert row.bounced_at
    lines = environment.lines_of(capsys.readouterr().out)
    assert len([line for line in lines if "FeedbackUnreadable" in line]) == 4


def test_a_database_that_is_away_makes_the_queue_tell_it_again(sent: World) -> None:
    sent.fail()
    with pytest.raises(UnavailableError):
        record(sent, a_message())
