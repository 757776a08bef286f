"""The table of currencies is what the locked list of ISO 4217 says, and holds what people pay in."""

from pathlib import Path

import iso4217
import pytest
from roster.orders import currencies

from tools import build_currencies as build


def test_the_table_that_ships_is_the_one_that_would_be_made() -> None:
    made = build.source(build.codes())
    assert Path(currencies.__file__).read_text("utf-8") == made, "type `make currencies`"
    assert sorted(currencies.CODES) == build.codes()


def test_every_code_is_one_of_the_list_with_minor_units() -> None:
    listed = {each.code: each for each in iso4217.Currency}
    assert [code for code in currencies.CODES if code not in listed or listed[code].exponent is None] == []
    assert len(currencies.CODES) > 150


@pytest.mark.parametrize("code", ["EUR", "USD", "JPY", "CHF", "GBP", "INR", "CNY", "KWD", "XOF", "XAF", "XPF", "XCD"])
def test_what_people_pay_in_is_there(code: str) -> None:
    assert code in currencies.CODES


@pytest.mark.parametrize(
    "code",
    ["XXX", "XTS", "XAU", "XAG", "XPT", "XPD", "XBA", "XDR", "XUA", "XSU", "BOV", "CLF", "CHE", "USN", "XAD", "UYW"],
)
def test_what_nobody_pays_in_is_not(code: str) -> None:
    assert code not in currencies.CODES


def test_whatever_else_the_list_has_is_left_out_for_a_reason() -> None:
    left_out = {each.code for each in iso4217.Currency} - currencies.CODES
    funds = {"BOV", "CLF", "COU", "MXV", "CHE", "CHW", "USN", "UYI"}
    uncounted = {each.code for each in iso4217.Currency if each.exponent is None}
    assert left_out == funds | uncounted | build.UNITS_OF_ACCOUNT.keys()
