"""What is too easy to guess: the list in any case, patterns, and what is known of the user; as a whole only."""

import random
import string
import time

import pytest
from roster.auth import guessable
from roster.errors import InvalidInputError

PATTERNS = [
    "a" * 8, "a" * 15, "A" * 7 + "a" * 8, " " * 15, "🦉" * 15, "é" * 15, "x" * 256,
    "ababababababab" + "a", "abcabcabcabcabc", "ABCabcABCabcABC", "123456789012345", "12345678901234567890",
    "tick tock tick tock", "abcd1234!?xyabcd1234!?xy", "ﬁﬁﬁﬁﬁﬁﬁﬁ",
]  # fmt: skip
WALKS = [
    "12345678", "98765432", "09876543210987", "abcdefghijklmno", "ZYXWVUTSRQPONML", "xyzabcdefghijkl",
    "qwertyuiopasdfg", "QWERTYUIOPASDFGHJKLZXCVBNM", "mnbvcxzlkjhgfds", "qwertzuiopasdfg", "azertyuiopqsdfg",
    "1qaz2wsx3edc4rfv", "1q2w3e4r5t6y7u8i", "１２３４５６７８９０１２３４５",
]  # fmt: skip
LISTED = [
    "passwordstandard",
    "PasswordStandard",
    "ｐａｓｓｗｏｒｄｓｔａｎｄａｒｄ",
    "30SecondsToMars",
    "Sunshine",
    "iloveyou",
]
GOOD = [
    "a lighthouse at noon", "a harbour at midnight", "correct horse battery staple", "another lighthouse",
    "password of the lighthouse", "my password is 12345678", "12345678901234x", "x12345678901234", "aaaaaaaaaaaaaab",
    "abcabcabcabcabd", "hvqzt 7k", "李白静夜思床前明月光疑是地上", "x" * 128 + "y" * 128, "one two three one",
    "thirteen chars" * 2, "\ud800 no text at all",
]  # fmt: skip


@pytest.mark.parametrize("password", [*PATTERNS, *WALKS, *LISTED], ids=ascii)
def test_a_pattern_and_a_common_password_are_easy_to_guess(password: str) -> None:
    assert guessable.is_common(password)


@pytest.mark.parametrize("password", GOOD, ids=lambda text: ascii(text[:40]))
def test_what_only_contains_something_common_is_welcome(password: str) -> None:
    assert not guessable.is_common(password)


@pytest.mark.parametrize("length", range(8, 30))
def test_a_pattern_of_every_length_counts_if_it_comes_one_and_a_half_times(length: int) -> None:
    text = "q7hvz2kx9pw4"
    for period in range(1, len(text) + 1):
        repeated = (text[:period] * length)[:length]
        assert guessable.is_common(repeated) is (2 * length >= 3 * period), repeated


def test_random_passwords_are_welcome() -> None:
    chance = random.Random(20_261_122)
    for _ in range(2_000):
        password = "".join(chance.choices(string.printable, k=chance.randint(12, 64)))
        assert not guessable.is_common(password), password


def test_the_longest_password_is_judged_in_a_millisecond() -> None:
    password = "x" * 128 + "y" * 128

    def seconds() -> float:
        started = time.perf_counter()
        guessable.is_common(password)
        return time.perf_counter() - started

    assert min(seconds() for _ in range(20)) < 0.001


@pytest.mark.parametrize(
    "password",
    [
        "Ada.Lovelace@Example.com", "ada.lovelace@example.com", "ADA.LOVELACE", "ada.lovelace", " ada.lovelace ",
        "Augusta Ada King", "augusta ada king", "AugustaAdaKing", "ａｕｇｕｓｔａ ａｄａ ｋｉｎｇ",
        "ada.lovelace @ example.com",
    ],
    ids=ascii,
)  # fmt: skip
def test_ones_own_address_and_name_are_refused_by_field(password: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        guessable.refuse_own(password, "Ada.Lovelace@example.com", "Augusta Ada King", field="body.new_password")
    assert [(problem.field, problem.code) for problem in refusal.value.problems] == [
        ("body.new_password", "too_common")
    ]
    assert password not in refusal.value.problems[0].message


@pytest.mark.parametrize(
    "password",
    ["ada.lovelace!", "example.com", "@example.com", "Augusta Ada", "King Ada Augusta", "bob@example.com", "lovelace"],
)
def test_what_only_resembles_ones_own_name_is_welcome(password: str) -> None:
    guessable.refuse_own(password, "Ada.Lovelace@example.com", "Augusta Ada King", field="body.password")


def test_ones_own_name_is_refused_in_capitals_of_any_script() -> None:
    for password, name in (
        ("WEISSENSTEINSTRASSE", "Weißensteinstraße"),
        ("ΟΔΥΣΣΕΥΣ ΛΑΕΡΤΙΑΔΗΣ", "Οδυσσευς Λαερτιαδης"),
    ):
        with pytest.raises(InvalidInputError):
            guessable.refuse_own(password, "ada@example.com", name, field="body.password")
