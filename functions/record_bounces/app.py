"""Invoked by SES through SNS: marks mails that came back, and lets those that may still arrive be sent again."""

from typing import Any

from roster.wiring import mail


def handler(event: dict[str, Any], context: Any) -> None:
    """Record what each message tells; if PostgreSQL is away this raises, and Lambda invokes it again later."""
    for record in event["Records"]:
        mail.record(record["Sns"]["Message"])
