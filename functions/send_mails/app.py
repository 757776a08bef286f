"""Invoked every minute: sends the mails that wait in the outbox."""

from typing import Any

from roster.infrastructure import observability
from roster.wiring import mail

# For the mail that is being sent when the time is over.
_SPARE_SECONDS = 15


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Send what is due, and return how many mails that were."""
    seconds = context.get_remaining_time_in_millis() / 1000 - _SPARE_SECONDS
    with observability.work(function_request_id=context.aws_request_id):
        return {"sent": mail.sender().send_due(seconds)}
