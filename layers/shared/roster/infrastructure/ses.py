"""Mail through Amazon SES (API v2), with the AWS SDK, which Lambda's runtime brings along."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from roster.infrastructure.mail import MailNotSentError, Message, as_email

_CONNECT_SECONDS, _READ_SECONDS = 2, 8
# Refused because of the account or its rate, whoever the mail is for.
_ABOUT_US = {
    "AccountSuspendedException",
    "LimitExceededException",
    "MailFromDomainNotVerifiedException",
    "SendingPausedException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "AccessDeniedException",
    "ExpiredTokenException",
    "UnrecognizedClientException",
}


class SesMailer:
    """Implements `Mailer` through SES; the outbox tries again, so the SDK does not."""

    def __init__(self, sender: str, sender_name: str, configuration_set: str | None, client: Any = None) -> None:
        self._sender = sender
        self._sender_name = sender_name
        self._options = {"ConfigurationSetName": configuration_set} if configuration_set else {}
        self._client = client or _client()

    def send(self, message: Message, mail_id: int, attempt: int) -> None:
        content = as_email(message, self._sender, self._sender_name).as_bytes()
        tags = {"mail_id": str(mail_id), "attempt": str(attempt)}
        try:
            self._client.send_email(
                Destination={"ToAddresses": [message.to]},
                Content={"Raw": {"Data": content}},
                EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
                **self._options,
            )
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "unknown"))
            raise MailNotSentError(code, is_about_us=code in _ABOUT_US) from None
        except BotoCoreError as error:
            raise MailNotSentError(type(error).__name__, is_about_us=True) from None


def _client() -> Any:
    config = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries={"total_max_attempts": 1})
    return boto3.client("sesv2", config=config)
