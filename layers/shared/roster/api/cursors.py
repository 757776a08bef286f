"""
Cursors: where the next part of a list begins, opaque to clients and signed.

A cursor holds the position of the last item: the values that the list is sorted by, the id among them. Its signature
(HMAC-SHA256) is over that, the list's word and its query; so it fits nowhere else, and nobody can make one up.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from roster.errors import FieldProblem, InvalidInputError
from roster.infrastructure import derived_keys

LENGTH_MAX = 2048
_PURPOSE = "cursors"
_MAC_BYTES = 32

Value = int | str | datetime
Position = tuple[Any, ...]
"""Values, of as many and of which types as the list's order has; who changes them changes the word."""
Query = Mapping[str, Value | None]
"""All that a list was asked for but its length and its place: ids of the path, filters, order; None was not asked."""


class Cursors:
    """The cursors of one list; *word* tells them from those of the others."""

    def __init__(self, word: str) -> None:
        self._word = word

    def after(self, position: Position | None, query: Query) -> str | None:
        """Return the cursor of what follows that position in the list that *query* asks for; None for None."""
        if position is None:
            return None
        payload = _json([_told(value) for value in position])
        return base64.urlsafe_b64encode(self._mac(payload, query) + payload).rstrip(b"=").decode()

    def position(self, cursor: str | None, query: Query) -> Position | None:
        """
        Return the position that a cursor was made of for the same *query*; each has one spelling. None for None.

        Raises:
            InvalidInputError: If it was altered or cut, or is of another list or another query.
        """
        if cursor is None:
            return None
        octets = _decoded(cursor)
        mac, payload = octets[:_MAC_BYTES], octets[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload, query)):
            raise InvalidInputError(FieldProblem("query.cursor", "cursor", "This cursor does not belong to this list."))
        return tuple(_read(value) for value in json.loads(payload))

    def _mac(self, payload: bytes, query: Query) -> bytes:
        asked = {name: _told(value) for name, value in sorted(query.items()) if value is not None}
        return hmac.digest(derived_keys.key_for(_PURPOSE), _json([self._word, asked]) + b"\n" + payload, "sha256")


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _told(value: Value) -> int | str | list[str]:
    """Return the value as JSON has it; a list is a time."""
    return [value.astimezone(UTC).isoformat()] if isinstance(value, datetime) else value


def _read(value: Any) -> Value:
    """Return what was told; it is signed, so it has the shape that `_told` gave it."""
    return datetime.fromisoformat(value[0]) if isinstance(value, list) else value


def _decoded(cursor: str) -> bytes:
    """Return the bytes of a cursor in its one spelling, none of any other."""
    try:
        octets = base64.urlsafe_b64decode(cursor[:LENGTH_MAX].encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        return b""
    return octets if base64.urlsafe_b64encode(octets).rstrip(b"=").decode() == cursor else b""
