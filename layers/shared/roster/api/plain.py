"""Models as JSON has them."""

import json
from dataclasses import is_dataclass
from datetime import UTC, datetime
from typing import Any

TOLD_BY_HEADERS = ("version", "is_replayed")
"""Fields that bodies do not show."""


def text(body: object) -> str:
    return json.dumps(value(body), separators=(",", ":"), ensure_ascii=False)


def value(found: Any) -> Any:
    """Return what was found as JSON has it, without what headers tell."""
    if is_dataclass(found) and not isinstance(found, type):
        return {name: value(inner) for name, inner in _fields(found) if name not in TOLD_BY_HEADERS}
    if isinstance(found, datetime):
        return found.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(found, dict):
        return {name: value(inner) for name, inner in found.items()}
    if isinstance(found, list | tuple):
        return [value(inner) for inner in found]
    return found


def _fields(found: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(found, name)) for name in found.__dataclass_fields__]
