"""Whether an answer is one that the contract knows, and what it says."""

import json
import re
from typing import Any, NamedTuple

from tests.envelope import assert_answer, assert_any_envelope
from tests.faults.history import Outcome

Response = dict[str, Any]

# Promised are 3 s for reads and 6 s for writes; the rest is for a machine that is busy.
READ_SECONDS_MAX, WRITE_SECONDS_MAX = 4.0, 7.0
_ETAG = re.compile(r'"(\d+)-(\d+)"')


class WrongAnswerError(Exception):
    """An answer outside of the contract; says what is wrong with it."""


class Read(NamedTuple):
    version: int
    value: int


def user_in(response: Response, user: int) -> Read:
    """
    Return what a good answer says of that user.

    Raises:
        WrongAnswerError: If it is about somebody else, or is not what was agreed on.
    """
    found = json.loads(response["body"])
    tag = _ETAG.fullmatch(response["headers"].get("ETag", ""))
    if tag is None or not found["id"] == int(tag[1]) == user:
        raise WrongAnswerError(f"user {user} was asked for")
    return Read(int(tag[2]), int(found["name"][1:]))


def check(response: Response, expected: tuple[int, ...]) -> None:
    """
    Check the form of an answer, and that its status is one of those that may be.

    Raises:
        WrongAnswerError: If it is not.
    """
    status = response["statusCode"]
    if status not in (*expected, 503):
        raise WrongAnswerError(f"status {status}, where {expected} or 503 was to come")
    try:
        if status < 400:
            assert_answer(response, status)
        else:
            assert_any_envelope(response)
    except (AssertionError, ValueError, KeyError, TypeError) as error:
        raise WrongAnswerError(f"not in the contract's form: {error!r}") from error


def outcome_of(response: Response) -> Outcome:
    """Return what became of a write."""
    if response["statusCode"] < 300:
        return Outcome.OK
    return Outcome.UNKNOWN if is_unknown(response) or response["statusCode"] == 500 else Outcome.FAILED


def is_unknown(response: Response) -> bool:
    return response["statusCode"] == 503 and '"outcome_unknown"' in response["body"]
