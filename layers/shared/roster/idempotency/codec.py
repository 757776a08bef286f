"""Answers as they are kept: JSON that becomes the same value again."""

from functools import cache
from typing import Any, cast

from pydantic import TypeAdapter

from roster.idempotency.models import Item, Kind


def encoded(kind: Kind[Item], item: Item) -> str:
    return _adapter(kind.shape).dump_json(item).decode()


def decoded(kind: Kind[Item], text: str) -> Item:
    return cast(Item, _adapter(kind.shape).validate_json(text))


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)
