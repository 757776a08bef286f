"""Recovery codes: how many, how long, and however typed."""

import re

import pytest
from roster.second_factors import recovery_codes, totp

CODE = "7QK2-M0XD-91AB-CDEF"


def test_a_set_has_ten_codes_of_80_bits_each_another() -> None:
    codes = [code for _ in range(50) for code in recovery_codes.make()]
    assert len(codes) == len(set(codes)) == 500
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)


def test_every_letter_occurs_about_as_often_as_any_other() -> None:
    letters = "".join("".join(recovery_codes.make()) for _ in range(200)).replace("-", "")
    counts = [letters.count(letter) for letter in sorted(set(letters))]
    assert len(counts) == 32
    assert max(counts) < 1.3 * len(letters) / 32


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        f"  {CODE}\t",
        CODE.replace("-", "–"),
        CODE.replace("0", "o"),
        CODE.replace("1", "l"),
        CODE.replace("1", "I"),
        "７ＱＫ２-M0XD-91AB-CDEF",
        "\u200b" + CODE.replace("-", "\u00a0"),
    ],
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert recovery_codes.hashed(1, typed) == recovery_codes.hashed(1, CODE)


@pytest.mark.parametrize("other", ["7QK2-M0XD-91AB-CDEG", CODE[:-1], CODE + "0", "", CODE.replace("-", "_")])
def test_another_code_is_another(other: str) -> None:
    assert recovery_codes.hashed(1, other) != recovery_codes.hashed(1, CODE)


def test_the_same_code_of_another_user_is_kept_as_another_hash() -> None:
    assert recovery_codes.hashed(1, CODE) != recovery_codes.hashed(2, CODE)
    assert recovery_codes.hashed(1, "1" + CODE) != recovery_codes.hashed(11, CODE)


@pytest.mark.parametrize("typed", ["123 456", "123-456", " 123456\n", "１２３４５６"])
def test_a_totp_code_may_be_typed_in_groups(typed: str) -> None:
    assert recovery_codes.normalized(typed) == "123456"


def test_no_recovery_code_looks_like_a_totp_code() -> None:
    assert not any(totp.is_code(recovery_codes.normalized(code)) for code in recovery_codes.make())
