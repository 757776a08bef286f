"""Passwords: how they are counted and kept, and that every look costs one hash."""

from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from roster.auth import passwords


class CountingHasher:
    """Counts what a cheap hasher is asked for."""

    def __init__(self) -> None:
        self._cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.hashes = 0

    def hash(self, password: str) -> str:
        self.hashes += 1
        return self._cheap.hash(password)

    def verify(self, password_hash: str, password: str) -> Any:
        self.hashes += 1
        return self._cheap.verify(password_hash, password)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[CountingHasher]:
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "_HASHER", counting)
    passwords._hash_of_nothing.cache_clear()
    yield counting
    passwords._hash_of_nothing.cache_clear()


def test_a_hash_is_argon2id_with_at_least_46_mebibytes() -> None:
    parameters = extract_parameters(passwords.hashed("a lighthouse at noon"))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 46 * 1024
    assert (parameters.time_cost, parameters.parallelism) == (1, 1)


def test_the_right_password_matches_and_another_does_not() -> None:
    kept = passwords.hashed("a lighthouse at noon")
    assert passwords.matches("a lighthouse at noon", kept)
    assert not passwords.matches("a lighthouse at moon", kept)


def test_two_hashes_of_one_password_differ(hasher: CountingHasher) -> None:
    assert passwords.hashed("a lighthouse at noon") != passwords.hashed("a lighthouse at noon")


@pytest.mark.parametrize("length", [73, 200, 256, 100_000])
def test_a_long_password_counts_to_its_last_character(length: int, hasher: CountingHasher) -> None:
    kept = passwords.hashed("x" * (length - 1) + "y")
    assert passwords.matches("x" * (length - 1) + "y", kept)
    assert not passwords.matches("x" * length, kept)
    assert not passwords.matches("x" * (length - 1), kept)


def test_a_password_is_the_same_in_every_unicode_form(hasher: CountingHasher) -> None:
    kept = passwords.hashed("caf\u00e9 ﬁne am Morgen")
    assert passwords.matches("cafe\u0301 fine am Morgen", kept)


def test_case_and_blanks_count(hasher: CountingHasher) -> None:
    kept = passwords.hashed(" A lighthouse at noon ")
    assert not passwords.matches("A lighthouse at noon", kept)
    assert not passwords.matches(" a lighthouse at noon ", kept)


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("x" * 15, 15), ("é", 1), ("e\u0301", 1), ("ﬁ", 2), ("\u00bd", 3), ("👩‍🚀", 3), ("𝒳" * 4, 4)],
)
def test_the_length_is_in_code_points_after_nfkc(text: str, length: int) -> None:
    assert passwords.length(text) == length


@pytest.mark.parametrize("kept", ["known", "unknown", "broken"])
@pytest.mark.parametrize("password", ["right", "wrong", ""])
def test_a_look_costs_exactly_one_hash_for_any_account(kept: str, password: str, hasher: CountingHasher) -> None:
    passwords.prepare()
    stored = {"known": passwords.hashed("right"), "unknown": None, "broken": "$argon2id$v=19$m=8,t=1,p=1$YWJj$YWJj"}[
        kept
    ]
    hasher.hashes = 0
    assert passwords.matches(password, stored) is (kept == "known" and password == "right")
    assert hasher.hashes == 1


@pytest.mark.parametrize("password", ["", "right", "a lighthouse at noon"])
def test_no_password_matches_an_unknown_account(password: str, hasher: CountingHasher) -> None:
    assert not passwords.matches(password, None)


@pytest.mark.parametrize("kept", ["", "no hash", "$2b$12$abc", "$argon2id$", "\0"])
def test_a_hash_that_cannot_be_read_matches_nothing(kept: str) -> None:
    assert not passwords.matches("a lighthouse at noon", kept)
