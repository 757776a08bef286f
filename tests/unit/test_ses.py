"""Mail through SES: what it is asked, by its own imitation in moto, and what becomes of its refusals."""

import email
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from moto import mock_aws
from moto.ses.models import ses_backends
from roster.infrastructure.mail import MailNotSentError, Message
from roster.infrastructure.ses import SesMailer

MESSAGE = Message("ada@example.com", "Hello", "text\n", "<p>html</p>")
REGION = "eu-central-1"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Imitate AWS, with one verified sender."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        boto3.client("sesv2").create_email_identity(EmailIdentity="roster@example.com")
        yield


class Refusing:
    """A client of SES that refuses, and counts how often it was asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls: list[dict[str, Any]] = []

    def send_email(self, **arguments: Any) -> None:
        self.calls.append(arguments)
        raise self.error


def mailer(client: Any = None, sender: str = "roster@example.com") -> SesMailer:
    return SesMailer(sender, "Roster", "roster-dev", client)


def test_ses_takes_the_message_as_it_is(aws: None) -> None:
    mailer().send(MESSAGE, mail_id=7, attempt=2)
    (sent,) = ses_backends["123456789012"][REGION].sent_messages
    message = email.message_from_string(sent.raw_data)
    assert (set(sent.destinations), message["To"]) == ({"ada@example.com"}, "ada@example.com")
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_an_unverified_sender_is_refused_by_ses(aws: None) -> None:
    with pytest.raises(MailNotSentError) as refusal:
        mailer(sender="eve@example.com").send(MESSAGE, 1, 1)
    assert refusal.value.code == "MessageRejected"
    assert not refusal.value.is_about_us


def test_the_mail_and_the_attempt_are_tags_and_the_configuration_set_is_named() -> None:
    client = Refusing(ClientError({"Error": {"Code": "X"}}, "SendEmail"))
    with pytest.raises(MailNotSentError):
        mailer(client).send(MESSAGE, mail_id=7, attempt=2)
    (call,) = client.calls
    assert call["ConfigurationSetName"] == "roster-dev"
    assert call["EmailTags"] == [{"Name": "mail_id", "Value": "7"}, {"Name": "attempt", "Value": "2"}]


@pytest.mark.parametrize(
    ("code", "is_about_us"),
    [
        ("TooManyRequestsException", True),
        ("LimitExceededException", True),
        ("SendingPausedException", True),
        ("AccountSuspendedException", True),
        ("AccessDeniedException", True),
        ("MessageRejected", False),
        ("BadRequestException", False),
    ],
)
def test_a_refusal_is_told_by_its_code_and_never_by_its_text(code: str, is_about_us: bool) -> None:
    client = Refusing(ClientError({"Error": {"Code": code, "Message": "ada@example.com is bad"}}, "SendEmail"))
    with pytest.raises(MailNotSentError) as refusal:
        mailer(client).send(MESSAGE, 1, 1)
    assert (refusal.value.code, refusal.value.is_about_us) == (code, is_about_us)
    assert "ada" not in str(refusal.value)
    assert len(client.calls) == 1


@pytest.mark.parametrize(
    "error", [EndpointConnectionError(endpoint_url="https://x"), ReadTimeoutError(endpoint_url="https://x")]
)
def test_a_network_that_is_away_is_no_fault_of_the_mail(error: Exception) -> None:
    with pytest.raises(MailNotSentError) as refusal:
        mailer(Refusing(error)).send(MESSAGE, 1, 1)
    assert (refusal.value.code, refusal.value.is_about_us) == (type(error).__name__, True)


def test_the_sdk_waits_for_seconds_and_does_not_try_again(aws: None) -> None:
    config = mailer()._client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, 8)
    assert config.retries["total_max_attempts"] == 1
