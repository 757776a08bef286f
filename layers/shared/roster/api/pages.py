"""Pages of a list: which part a query asks for, and the cursor of the next one."""

import base64
import binascii
import json
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from roster.api.results import Page
from roster.auth.caller import ID_MAX
from roster.auth.inputs import Input
from roster.users.models import User
from roster.users.service import Slice

LIMIT_MAX = 100
LIMIT_DEFAULT = 20
_CURSOR_LENGTH_MAX = 48  # one of ID_MAX has 40


def _digits(text: object) -> object:
    """Read the number in a query string: plain digits, no signs, spaces, underscores or exponents."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 9 else text


def _position(cursor: object) -> int:
    try:
        decoded = json.loads(base64.urlsafe_b64decode(str(cursor)[:_CURSOR_LENGTH_MAX].encode("ascii")))
        after_id = decoded["after"]
    except (ValueError, UnicodeError, binascii.Error, KeyError, TypeError):
        after_id = None
    if type(after_id) is not int or not 0 < after_id <= ID_MAX or _cursor(after_id) != cursor:
        raise PydanticCustomError("cursor", "This cursor does not belong to this list.")
    return after_id


class PageQuery(Input):
    """At most *limit* items, from where *cursor* says; its value is opaque to clients."""

    limit: Annotated[int, BeforeValidator(_digits), Field(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT
    cursor: Annotated[int, BeforeValidator(_position)] = 0


def page_of(users: Slice) -> Page[User]:
    return Page(users.users, None if users.next_after_id is None else _cursor(users.next_after_id))


def _cursor(after_id: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"after": after_id}).encode()).decode()
