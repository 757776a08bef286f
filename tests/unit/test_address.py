"""E-mail addresses: what is one, and which two are the same."""

import unicodedata
from typing import Literal, get_args

import pytest
from roster.auth import address

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

LONGEST_DOMAIN = ".".join(["d" * 61] * 3 + ["com"])


def canonical(text: str) -> str:
    return address.parse(text).canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.com", "ADA@EXAMPLE.COM"),
        ("ada@example.com", "  ada@example.com\t\n"),
        ("ada@example.com", "\u00a0ada@example.com\u3000"),
        ("straße@example.com", "STRASSE@example.com"),
        ("straße@example.com", "strasse@example.com"),
        ("ada@straße.de", "ada@strasse.de"),
        ("ada@example.com", "ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ"),
        ("andré@example.com", "andre\u0301@example.com"),
        ("andré@exampl\u00e9.com", "andré@example\u0301.com"),
        ("ﬁona@example.com", "fiona@example.com"),
        ("σίσυφος@example.com", "ΣΊΣΥΦΟΣ@example.com"),
        ("istanbul@example.com", "ISTANBUL@example.com"),
        ("ada@bücher.example", "ada@BÜCHER.example"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@例え.jp", "ada@XN--R8JZ45G.JP"),
        ("ada@例え。jp", "ada@例え.jp"),
        ("\u212bngstrom@example.com", "\u00e5ngstrom@example.com"),
    ],
)
def test_spellings_of_one_address_are_the_same(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.com", "ada@example.org"),
        ("ada@example.com", "adah@example.com"),
        ("ada+news@example.com", "ada@example.com"),
        ("a.da@example.com", "ada@example.com"),
        ("раура1@example.com", "paypal@example.com"),
        ("İstanbul@example.com", "istanbul@example.com"),
        ("ada@sub.example.com", "ada@example.com"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_an_address_is_kept_as_typed_but_for_blanks_around_it() -> None:
    assert address.parse("  Ada.Lovelace@Example.COM ").typed == "Ada.Lovelace@Example.COM"


def test_the_domain_is_compared_in_ascii() -> None:
    assert canonical("ada@bücher.example") == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "text",
    [
        "a@b.co", "!#$%&'*+-/=?^_`{|}~@example.com", "first.last@example.com", "1@2.co", "हिन्दी@example.com",
        "ไทย@example.com", "İstanbul@example.com", "x@a-b.example", "x@xn--bcher-kva.example", "ada@1e2.com",
        "l" * 64 + "@example.com", "x@" + "d" * 63 + ".com", "l" * 63 + "@" + LONGEST_DOMAIN,
    ],
)  # fmt: skip
def test_addresses_of_all_kinds_are_welcome(text: str) -> None:
    assert address.parse(text).typed == text


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "@", "ada", "ada@", "@example.com", "ada@example", "ada@@example.com", "ada@exam@ple.com",
        ".ada@example.com", "ada.@example.com", "a..da@example.com", "a da@example.com", "ada@exam ple.com",
        '"ada"@example.com', "ada@[192.0.2.1]", "ada@192.0.2.1", "ada@example.123", "ada@example..com",
        "ada@.example.com", "ada@example.com.", "ada@-example.com", "ada@example-.com", "ada@exa_mple.com",
        "ada@example.com,bob@example.com", "ada@example.com\nBcc: bob@example.com", "Ada <ada@example.com>",
        "ada\0@example.com", "ada@example.com\0", "ada\u200b@example.com", "ada\u202e@example.com", "a\td@example.com",
        "ada\ud800@example.com", "ada@example\udfff.com", "ada(comment)@example.com", "ada;drop@example.com",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(address.NotAnAddressError):
        address.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("l" * 65 + "@example.com", id="local part"),
        pytest.param("é" * 33 + "@example.com", id="local part in octets"),
        pytest.param("\ufdfa" * 20 + "@example.com", id="local part after NFKC"),
        pytest.param("x@" + "d" * 64 + ".com", id="label"),
        pytest.param("x@" + "é" * 63 + ".com", id="label in ASCII"),
        pytest.param("l" * 64 + "@" + LONGEST_DOMAIN + "m", id="whole"),
        pytest.param("x@" + "d." * 126 + "com", id="many labels"),
        pytest.param("a" * 250_000 + "@example.com", id="endless"),
        pytest.param("x@" + "é" * 100_000 + ".com", id="endless domain"),
    ],
)
def test_what_is_too_long_is_refused(text: str) -> None:
    with pytest.raises(address.NotAnAddressError):
        address.parse(text)


@pytest.mark.parametrize("form", get_args(Form))
def test_every_unicode_form_of_an_address_is_the_same(form: Form) -> None:
    typed = "Ångström.Żółć@bücher.example"
    assert canonical(unicodedata.normalize(form, typed)) == canonical(typed)
