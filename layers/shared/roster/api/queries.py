"""What queries of lists are made of: each type reads the text of one parameter, in one spelling."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from roster.api import body
from roster.auth.caller import ID_MAX, parse_id
from roster.auth.inputs import Input, absent

LIMIT_MAX = 100
LIMIT_DEFAULT = 20
# RFC 3339, section 5.6, less leap seconds and what is finer than a nanosecond.
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)


def _digits(text: object) -> object:
    """Read the number in a query string: plain digits, no signs, spaces, underscores or exponents."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 9 else text


def _id(text: object) -> object:
    return (parse_id(text) if isinstance(text, str) else None) or text


def _time(text: object) -> datetime:
    """Read a time; one that UTC has in no year from 1 to 9999 is none."""
    try:
        if isinstance(text, str) and _TIME.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError("time", "This is no time as in RFC 3339, with seconds and an offset or Z.")


def _in_order(end: datetime, others: ValidationInfo) -> datetime:
    """Refuse an end (`…_to`) that lies before its beginning (`…_from`), the field before it."""
    beginning = others.data.get(str(others.field_name).removesuffix("_to") + "_from")
    if beginning is not None and end < beginning:
        raise PydanticCustomError("out_of_order", "This is before the beginning.")
    return end


def _text(text: str) -> str:
    if not body.is_text(text):
        raise PydanticCustomError("unkeepable_text", "Text may not hold NUL or half of a surrogate pair.")
    return text


Limit = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=LIMIT_MAX)]
Id = Annotated[int, BeforeValidator(_id), Field(ge=1, le=ID_MAX)]
Prefix = Annotated[
    str,
    Field(min_length=1, max_length=200, description="What a name or an address begins with, whatever its case."),
    AfterValidator(_text),
]
Time = Annotated[datetime, BeforeValidator(_time), Field(examples=["2026-11-22T14:05:09.123Z"])]
EndTime = Annotated[Time, AfterValidator(_in_order), Field(description="Where the range ends; not part of it.")]
"""A time that is not part of its range; its field is called `…_to` and stands after that called `…_from`."""


class PageQuery(Input):
    """At most *limit* items, from where *cursor* says; its value is opaque to clients."""

    limit: Limit = LIMIT_DEFAULT
    cursor: str = absent()
