"""Passwords: how they are counted and kept, and that every look costs one hash."""

from typing import Any

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from roster.auth import passwords

from tests.unit.counting_hasher import CountingHasher


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


@pytest.mark.parametrize("kept", ["known", "unknown"])
@pytest.mark.parametrize("password", ["right", "wrong", ""])
def test_a_look_costs_exactly_one_hash_for_any_account(kept: str, password: str, hasher: CountingHasher) -> None:
    stored = passwords.hashed("right") if kept == "known" else None
    hasher.hashes = 0
    assert passwords.matches(password, stored) is (kept == "known" and password == "right")
    assert hasher.hashes == 1


def test_the_hash_for_an_unknown_account_costs_what_a_real_one_does() -> None:
    passwords._hash_of_nothing.cache_clear()
    real = passwords.hashed("a lighthouse at noon")
    assert extract_parameters(passwords._hash_of_nothing()) == extract_parameters(real)


@pytest.mark.parametrize("password", ["", "right", "a lighthouse at noon"])
def test_no_password_matches_an_unknown_account(password: str, hasher: CountingHasher) -> None:
    assert not passwords.matches(password, None)


@pytest.mark.parametrize("kept", ["", "no hash", "$2b$12$abc", "$argon2id$", "\0"])
def test_a_hash_that_cannot_be_read_matches_nothing(kept: str) -> None:
    assert not passwords.matches("a lighthouse at noon", kept)


@pytest.mark.parametrize(
    "other",
    [{"time_cost": 2}, {"memory_cost": 19_456}, {"parallelism": 2}, {"hash_len": 16}, {"type": Type.I}],
    ids=str,
)
def test_a_hash_with_other_parameters_is_outdated(other: dict[str, Any]) -> None:
    current = {"time_cost": 1, "memory_cost": 47_104, "parallelism": 1}
    assert passwords.is_outdated(PasswordHasher(**current | other).hash("a lighthouse at noon"))


def test_a_hash_of_today_is_not_outdated() -> None:
    assert not passwords.is_outdated(passwords.hashed("a lighthouse at noon"))
