"""E-mail addresses: what holds for all of them."""

import contextlib
import unicodedata
from typing import Literal, get_args

from hypothesis import example, given
from hypothesis import strategies as st
from roster.auth import address

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

LETTERS = st.characters(categories=["L", "M", "N"])
LOCAL_PARTS = st.text(LETTERS, min_size=1, max_size=12)
DOMAINS = st.sampled_from(["example.com", "bücher.example", "STRASSE.de", "例え.jp", "ｅｘａｍｐｌｅ.com"])
ADDRESSES = st.builds("{}@{}".format, LOCAL_PARTS, DOMAINS)


@given(st.text())
@example("\u0345@example.com")
def test_a_text_is_an_address_or_is_refused_and_nothing_else(text: str) -> None:
    with contextlib.suppress(address.NotAnAddressError):
        assert "@" in address.parse(text).canonical


@given(ADDRESSES)
@example("ΐ\u0345@example.com")
@example("ẞß@STRASSE.de")
def test_the_canonical_form_is_its_own_canonical_form(text: str) -> None:
    with contextlib.suppress(address.NotAnAddressError):
        canonical = address.parse(text).canonical
        assert address.parse(canonical).canonical == canonical


@given(ADDRESSES, st.sampled_from(get_args(Form)))
def test_no_unicode_form_makes_another_user(text: str, form: Form) -> None:
    with contextlib.suppress(address.NotAnAddressError):
        canonical = address.parse(text).canonical
        assert address.parse(unicodedata.normalize(form, text)).canonical == canonical


@given(ADDRESSES)
def test_blanks_around_an_address_make_no_other_user(text: str) -> None:
    with contextlib.suppress(address.NotAnAddressError):
        assert address.parse(f"\u2003{text}\r\n") == address.parse(text)


@given(st.text(alphabet="ABCxyz019.+_-", min_size=1, max_size=20))
def test_case_makes_no_other_user(local_part: str) -> None:
    with contextlib.suppress(address.NotAnAddressError):
        canonical = address.parse(f"{local_part}@example.com").canonical
        assert address.parse(f"{local_part}@example.com".upper()).canonical == canonical
