"""A hasher that costs next to nothing and counts the hashes that it computes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from roster.auth import passwords

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OUTDATED = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)


class CountingHasher:
    """A hash that cannot be read costs nothing, and is not counted."""

    def __init__(self) -> None:
        self._cheap = CHEAP
        self.hashes = 0

    def hash(self, password: str) -> str:
        self.hashes += 1
        return self._cheap.hash(password)

    def verify(self, password_hash: str, password: str) -> Any:
        self.hashes += 1
        try:
            return self._cheap.verify(password_hash, password)
        except InvalidHashError:
            self.hashes -= 1
            raise

    def check_needs_rehash(self, password_hash: str) -> bool:
        return self._cheap.check_needs_rehash(password_hash)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[CountingHasher]:
    """Let the layer use a counting hasher that has counted nothing yet."""
    hasher = CountingHasher()
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    passwords._hash_of_nothing.cache_clear()
    passwords.prepare()
    hasher.hashes = 0
    yield hasher
    passwords._hash_of_nothing.cache_clear()
