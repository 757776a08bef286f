"""What a client calls a request, and what that request came to."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

Item = TypeVar("Item")


class IdempotencyKey(NamedTuple):
    """
    The name that a client gave a request, None for no name.

    By its *fingerprint* the same request is told from another one of that name.
    """

    name: str | None = None
    fingerprint: bytes = b""


NO_KEY = IdempotencyKey()


class Answer(NamedTuple, Generic[Item]):
    """*item* is what a request came to; *is_replayed* says that this was an earlier one."""

    item: Item
    is_replayed: bool


class Kind(NamedTuple, Generic[Item]):
    """How answers of one kind are kept: *shape* is their type, *subject_of* tells the user whom one is about."""

    shape: Any
    subject_of: Callable[[Item], int | None]
