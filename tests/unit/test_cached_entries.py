"""Cache entries that nobody of ours wrote, or an earlier release: none is believed, all are replaced."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from roster.users.models import User

from tests.builders import a_new_user
from tests.unit.cached_stack import Stack

REFUSED = '"CacheEntryRefused":1'


@pytest.fixture
def stack() -> Stack:
    stack = Stack()
    stack.users.find(1)
    return stack


def changed(**fields: Any) -> Callable[[list[Any]], object]:
    """Return how to spoil an entry: other values for some fields, by name."""
    names = list(User.__dataclass_fields__)
    return lambda entry: [fields.get(name, value) for name, value in zip(["schema", *names], entry, strict=True)]


SPOILT: dict[str, Callable[[list[Any]], object]] = {
    "older schema": changed(schema=1),
    "newer schema": changed(schema=3),
    "schema as float": changed(schema=2.0),
    "another user": changed(id=2),
    "id as text": changed(id="1"),
    "id as truth": changed(id=True),
    "id as float": changed(id=1.0),
    "name as number": changed(name=5),
    "name as null": changed(name=None),
    "name as list": changed(name=["Ada"]),
    "unknown role": changed(role="root"),
    "unknown status": changed(status="erased"),
    "truth as number": changed(email_verified=1),
    "time as number": changed(created_at=5),
    "time as nonsense": changed(updated_at="yesterday"),
    "time without zone": changed(created_at="2026-11-22T12:00:00"),
    "version as text": changed(version="1"),
    "version as null": changed(version=None),
    "nobody, but another": lambda _: [2, 2, None],
    "nobody, of an older schema": lambda _: [1, 1, None],
    "nobody, as truth": lambda _: [2, 1, False],
    "nothing of the user": lambda entry: entry[:2],
    "too short": lambda entry: entry[:-1],
    "too long": lambda entry: [*entry, 1],
    "empty list": lambda _: [],
    "object": lambda entry: dict(enumerate(entry)),
    "null": lambda _: None,
    "text": lambda _: "1" * 10,
    "number": lambda _: 1,
}
NO_JSON = [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[1, 1", b"NaN", b"9" * 5000, b"\0", b"x" * 1_000_000]


@pytest.mark.parametrize("kind", SPOILT)
def test_an_entry_that_is_not_sound_is_a_miss_and_is_replaced(
    kind: str, stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = stack.entry()
    stack.put(json.dumps(SPOILT[kind](sound)).encode())
    assert stack.users.find(1) == stack.user
    assert REFUSED in capsys.readouterr().out
    assert stack.entry() == sound


@pytest.mark.parametrize("entry", NO_JSON, ids=range(len(NO_JSON)))
def test_an_entry_that_is_no_json_is_a_miss_and_is_replaced(
    entry: bytes, stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = stack.entry()
    stack.put(entry)
    assert stack.users.find(1) == stack.user
    assert REFUSED in capsys.readouterr().out
    assert stack.entry() == sound


def test_another_users_entry_is_a_miss(stack: Stack) -> None:
    stack.users.add(a_new_user("bob@example.com"))
    stack.put(stack.kept(1) or b"", 2)
    found = stack.users.find(2)
    assert found is not None
    assert found.id == 2
