"""The function that sends mail: what a schedule invokes every minute."""

from datetime import timedelta
from typing import Any

import pytest
from roster.errors import UnavailableError
from roster.infrastructure.mail import MailNotSentError
from roster.infrastructure.ses import SesMailer
from roster.infrastructure.settings import SettingsError
from roster.wiring import mail

from tests import environment
from tests.builders import a_context
from tests.functions import handler_of
from tests.handlers.mail import send
from tests.handlers.world import World


def test_nothing_is_sent_and_nothing_is_logged_where_nothing_waits(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send(world) == 0
    assert capsys.readouterr().out == ""


def test_what_waits_is_sent(world: World) -> None:
    for email in ("ada@example.com", "nobody@example.com"):
        world.outbox.add_reset(email)
    assert send(world) == 1
    assert send(world) == 0


def test_what_was_done_is_told_on_one_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        world.outbox.add_reset("ada@example.com")
    world.mail_tables.passed += timedelta(seconds=90)
    assert send(world) == 2
    (line,) = environment.lines_of(capsys.readouterr().out)
    assert line["MailSent"] == 2
    assert 90 <= line["MailOverdue"] < 100
    assert line["function_request_id"]


def test_nothing_is_begun_when_the_time_is_nearly_over(world: World) -> None:
    world.outbox.add_reset("ada@example.com")
    assert handler_of("send_mails")({}, a_context(remaining_milliseconds=15_000)) == {"sent": 0}
    assert send(world) == 1


def test_what_was_not_sent_is_sent_later(world: World) -> None:
    world.outbox.add_reset("ada@example.com")
    world.mailer.refusals = [MailNotSentError("Throttling", is_about_us=True)]
    assert send(world) == 0
    assert [row.error_code for row in world.mail_tables.mails.values()] == ["Throttling"]


def test_a_database_that_is_away_fails_the_invocation(world: World) -> None:
    world.fail()
    with pytest.raises(UnavailableError):
        send(world)


def test_without_a_folder_mail_goes_to_ses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_FOLDER")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert isinstance(mail._mailer(), SesMailer)


@pytest.mark.parametrize("name", ["MAIL_SENDER", "PRODUCT_NAME", "APP_URL"])
def test_what_every_mail_needs_has_to_be_set(name: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(SettingsError, match=name):
        send(world)


def test_a_link_leads_to_the_pages_of_the_app(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_URL", "https://accounts.example.org/roster/")
    world.outbox.add_reset("ada@example.com")
    send(world)
    sent: Any = world.mailer.sent[0][0]
    assert "\nhttps://accounts.example.org/roster/reset-password#token=" in sent.text
