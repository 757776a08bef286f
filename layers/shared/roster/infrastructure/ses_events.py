"""What SES tells of a mail that was sent, as its event publishing has it; loads no SDK."""

import json
import re
from typing import Any, Literal, NamedTuple


class Feedback(NamedTuple):
    """What became of one attempt to send a mail; *code* is one word without the address."""

    kind: Literal["bounce", "complaint"]
    code: str
    is_permanent: bool
    mail_id: int
    attempt: int


class UnreadableFeedbackError(Exception):
    """This is not an event about a mail of ours."""


def read_notification(body: str) -> Feedback:
    """
    Read a notification of SNS, as a queue hands it on, that holds such a message.

    Raises:
        UnreadableFeedbackError: If it is something else.
    """
    try:
        return read(json.loads(body)["Message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UnreadableFeedbackError from None


def read(text: str) -> Feedback:
    """
    Read the message in which SES tells of a bounce, a complaint or a rejection.

    What SES or the recipient's server refuses for now is told as a bounce that is not permanent.

    Raises:
        UnreadableFeedbackError: If it is something else, or about a mail without our tags.
    """
    try:
        event = json.loads(text)
        tags = event["mail"]["tags"]
        return Feedback(*_verdict(event), _number(tags["mail_id"]), _number(tags["attempt"]))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        raise UnreadableFeedbackError from None


def _verdict(event: dict[str, Any]) -> tuple[Literal["bounce", "complaint"], str, bool]:
    match event["eventType"]:
        case "Bounce":
            kind, detail = str(event["bounce"]["bounceType"]), str(event["bounce"].get("bounceSubType", ""))
            return "bounce", _word("bounce", kind, detail), kind == "Permanent"
        case "Reject":
            return "bounce", "reject", True
        case "Complaint":
            return "complaint", "complaint", True
    raise ValueError


def _word(*parts: str) -> str:
    return "_".join(re.sub(r"[^a-z]", "", part.lower())[:20] for part in parts if part)


def _number(values: list[str]) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,17}", values[0], re.ASCII):
        raise ValueError
    return int(values[0])
