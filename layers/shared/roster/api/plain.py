"""Models as JSON has them."""

import json
from dataclasses import is_dataclass
from datetime import UTC, datetime
from typing import Any

TOLD_BY_HEADERS = ("version", "is_replayed")
"""Fields that bodies do not show."""


def text(body: object) -> str:
    return _encode(body)


def fields(model: Any) -> dict[str, Any]:
    """Return what a dataclass holds, without what headers tell."""
    return {name: getattr(model, name) for name in model.__dataclass_fields__ if name not in TOLD_BY_HEADERS}


def _plain(found: object) -> Any:
    if isinstance(found, datetime):
        return found.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if is_dataclass(found):
        return fields(found)
    raise TypeError(f"{type(found).__name__} is not answered with")


# Made once: `json.dumps` makes one for each call that names an option.
_encode = json.JSONEncoder(default=_plain, separators=(",", ":"), ensure_ascii=False).encode
