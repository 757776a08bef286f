"""The one entry point for JSON: from the event's body to Python values, or a clear refusal."""

import base64
import binascii
import json
import re
from typing import Any, NoReturn

from roster.api import event as events
from roster.api.event import Event
from roster.api.problems import BodyTooLargeError, UnsupportedMediaTypeError
from roster.errors import FieldProblem, InvalidInputError, MalformedRequestError

BYTES_MAX = 256 * 1024
DEPTH_MAX = 32
_INTEGER_MIN, _INTEGER_MAX = -(2**63), 2**63 - 1
_INTEGER_DIGITS_MAX = 19

_MEDIA_TYPE = re.compile(r'application/(merge-patch\+)?json\s*(;\s*charset="?utf-8"?\s*)?', re.IGNORECASE)
# A string that never ends reaches to the end of the text, so that each character is looked at once.
_NOT_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?$)|[^\[\]{}"]+', re.DOTALL)
# What API Gateway hands on in place of bytes that are not UTF-8; who really means it writes it as an escape.
_REPLACEMENT = "\ufffd"
# NUL, which PostgreSQL cannot store, and halves of surrogate pairs, which are no characters.
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class MalformedJsonError(MalformedRequestError):
    code = "malformed_json"
    message = "The request body is not a JSON document."


def read(event: Event) -> Any:
    """
    Return the parsed body.

    Raises:
        UnsupportedMediaTypeError: If it says that it is something else than JSON in UTF-8.
        BodyTooLargeError: If it has more than 256 KiB.
        MalformedJsonError: If it is missing, not JSON, not UTF-8, nested too deeply, or names a member twice.
        InvalidInputError: If it holds a value that cannot be kept: NUL, half a surrogate pair, a huge number.
    """
    _require_json(events.header(event, "content-type"))
    document = _parsed(_text(event))
    problems = list(_unkeepable(document, "body"))
    if problems:
        raise InvalidInputError(*problems)
    return document


def content(event: Event) -> bytes:
    """
    Return the body as it was sent.

    Raises:
        MalformedJsonError: If it is missing, or cannot be known any more because the gateway took it for text.
    """
    body, is_encoded = event.get("body"), event.get("isBase64Encoded")
    if not isinstance(body, str) or not body or (_REPLACEMENT in body and not is_encoded):
        raise MalformedJsonError
    try:
        return base64.b64decode(body, validate=True) if is_encoded else body.encode("utf-8")
    except (binascii.Error, UnicodeError, ValueError):
        raise MalformedJsonError from None


def _require_json(content_type: str | None) -> None:
    if content_type is not None and not _MEDIA_TYPE.fullmatch(content_type.strip()):
        raise UnsupportedMediaTypeError


def _text(event: Event) -> str:
    data = content(event)
    if len(data) > BYTES_MAX:
        raise BodyTooLargeError
    try:
        return data.decode("utf-8")
    except UnicodeError:
        raise MalformedJsonError from None


def _parsed(text: str) -> Any:
    if _depth(text) > DEPTH_MAX:
        raise MalformedJsonError
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_int=_bounded_integer,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError):
        raise MalformedJsonError from None


def _depth(text: str) -> int:
    """Return how deeply arrays and objects are nested; strings do not count."""
    if text.count("[") + text.count("{") <= DEPTH_MAX:
        return DEPTH_MAX
    depth = deepest = 0
    for bracket in _NOT_STRUCTURE.sub("", text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise MalformedJsonError
    return fields


def _bounded_integer(digits: str) -> int | float:
    """Return the number; one of more than 64 bits as infinity, to be refused together with its field's name."""
    if len(digits.lstrip("-")) > _INTEGER_DIGITS_MAX or not _INTEGER_MIN <= int(digits) <= _INTEGER_MAX:
        return float("inf")
    return int(digits)


def _refuse_constant(_: str) -> NoReturn:
    raise MalformedJsonError


def _unkeepable(value: Any, field: str) -> list[FieldProblem]:
    """Return a problem for each value that cannot be kept."""
    if isinstance(value, dict):
        named = [(name, f"{field}.{printable(name)}", inner) for name, inner in value.items()]
        return [found for name, where, inner in named for found in _unkeepable(name, where) + _unkeepable(inner, where)]
    if isinstance(value, list):
        return [found for index, inner in enumerate(value) for found in _unkeepable(inner, f"{field}.{index}")]
    if isinstance(value, str) and not is_text(value):
        return [FieldProblem(field, "unkeepable_text", "Text may not hold NUL or half of a surrogate pair.")]
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return [FieldProblem(field, "number_too_large", "Numbers may have 64 bits at most.")]
    return []


def is_text(text: str) -> bool:
    """Return whether PostgreSQL can hold it."""
    return not _NOT_TEXT.search(text)


def printable(name: str) -> str:
    """Return a client's name for a field as it may stand in an answer: short and plain."""
    return re.sub(r"[^A-Za-z0-9_.-]", "?", name)[:64]
