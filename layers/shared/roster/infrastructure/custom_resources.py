"""Custom resources of CloudFormation: a step of a deployment that a function takes, and how it went."""

import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from roster.infrastructure import observability

_SECONDS, _ATTEMPTS = 5, 3
# CloudFormation takes 4 KB, the rest of the answer included.
_REASON_LENGTH_MAX = 1000

Send = Callable[[str, bytes], None]


class AnswerNotTakenError(Exception):
    """CloudFormation could not be told; Lambda invokes the function again."""


def is_request(event: Mapping[str, Any]) -> bool:
    return "RequestType" in event and "ResponseURL" in event


def answer(
    event: Mapping[str, Any],
    name: str,
    work: Callable[[], object],
    reason_of: Callable[[Exception], str] = lambda error: type(error).__name__,
) -> None:
    """
    Do the *work*, unless the resource is being deleted, and tell CloudFormation.

    A failure fails the deployment, with the text that *reason_of* gives: everybody who sees the stack reads it.
    """
    reason = None
    if event["RequestType"] != "Delete":
        try:
            work()
        except Exception as error:  # noqa: BLE001 (whatever it is, a deployment that hears nothing waits for an hour)
            observability.log_fault(error)
            reason = reason_of(error)
    _tell(event, name, reason)


def _tell(event: Mapping[str, Any], name: str, reason: str | None) -> None:
    told = {member: event[member] for member in ("StackId", "RequestId", "LogicalResourceId")}
    outcome = {"Status": "FAILED" if reason else "SUCCESS", "Reason": (reason or "")[:_REASON_LENGTH_MAX]}
    physical = {"PhysicalResourceId": event.get("PhysicalResourceId", name)}
    body = json.dumps(told | outcome | physical).encode()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return send(event["ResponseURL"], body)
        except (OSError, http.client.HTTPException, AnswerNotTakenError) as error:
            if attempt == _ATTEMPTS:
                raise AnswerNotTakenError(type(error).__name__) from None
    return None


def send(url: str, body: bytes) -> None:
    """
    Put the answer where CloudFormation waits for it, which is a file in S3 that the address itself is the right to.

    Raises:
        AnswerNotTakenError: If it was not taken.
    """
    address = urlsplit(url)
    if address.scheme != "https" or not address.hostname:
        raise AnswerNotTakenError("The address is not one of HTTPS.")
    connection = http.client.HTTPSConnection(
        address.hostname, address.port, timeout=_SECONDS, context=ssl.create_default_context()
    )
    try:
        # Without the type that the signature was made for, which is none, S3 refuses.
        connection.request("PUT", f"{address.path}?{address.query}", body, {"Content-Type": ""})
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != 200:
        raise AnswerNotTakenError(f"S3 answered {status}.")
