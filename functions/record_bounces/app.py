"""Invoked by SES through SNS and a queue: marks mails that came back; those that may still arrive are sent again."""

from typing import Any

from roster.wiring import mail


def handler(event: dict[str, Any], context: Any) -> None:
    """Record what each notification tells; if PostgreSQL is away this raises, and the queue tells it again."""
    for record in event["Records"]:
        mail.record(record["body"])
