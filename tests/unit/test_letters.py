"""Letters: the same in text and in HTML, without anything from outside, and nothing that could be injected."""

import html
import re
from datetime import UTC, datetime
from typing import get_args

import pytest
from roster.auth import address
from roster.infrastructure.mail import Message
from roster.mail import rendering
from roster.mail.models import Addressee, Letter
from roster.mail.rendering import Place

LETTERS = get_args(Letter)
WITH_TOKEN = [letter for letter in LETTERS if letter != "already_registered"]
TOKEN = "q-_" * 14 + "q"
PLACE = Place("Roster", "https://app.example.com/")
EXPIRES_AT = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)


def write(letter: Letter, place: Place = PLACE, token: str = TOKEN, email: str = "ada@example.com") -> Message:
    expires_at = None if letter == "already_registered" else EXPIRES_AT
    return rendering.write(Addressee(letter, address.parse(email), expires_at), token, place)


def plain(page: str) -> str:
    """Return the words of a page, with the address that its link leads to after the link."""
    linked = re.sub(r'<a href="([^"]*)">([^<]*)</a>', r"\2: \1", page.split("</h1>")[1])
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", linked)).split())


@pytest.mark.parametrize("letter", LETTERS)
def test_text_and_html_say_the_same(letter: Letter) -> None:
    message = write(letter)
    assert plain(message.html) == " ".join(message.text.split())
    assert "<h1 " in message.html
    assert message.subject in message.html


@pytest.mark.parametrize("letter", LETTERS)
def test_each_letter_names_the_product_and_says_what_to_do_if_it_was_not_you(letter: Letter) -> None:
    message = write(letter, PLACE._replace(product="Acme"))
    assert "Acme" in message.subject
    assert "Acme" in message.text
    assert "If it was not you" in message.text
    assert "{" not in message.subject + message.text + message.html


@pytest.mark.parametrize("letter", WITH_TOKEN)
def test_a_link_says_when_it_expires_and_keeps_its_token_behind_the_hash(letter: Letter) -> None:
    message = write(letter)
    assert "until 22 November 2026, 14:05 UTC" in message.text
    (link,) = re.findall(r"^https://app\.example\.com/\S+$", message.text, re.MULTILINE)
    assert re.fullmatch(rf"https://app\.example\.com/[a-z-]+#token={TOKEN}", link)


def test_who_is_registered_already_gets_no_token_but_the_way_to_a_new_password() -> None:
    message = write("already_registered")
    assert TOKEN not in message.text + message.html
    assert "https://app.example.com/forgot-password" in message.text


@pytest.mark.parametrize("letter", LETTERS)
def test_a_page_loads_nothing_and_runs_nothing(letter: Letter) -> None:
    page = write(letter).html
    assert re.findall(r"<(?:img|script|link|iframe|object|form|svg|base)\b|\bsrc=|\bon\w+=|url\(|@import", page) == []
    assert re.findall(r'(?:href)="(?!https://app\.example\.com/)', page) == []
    assert page.startswith('<!doctype html>\n<html lang="en">')


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(
    "product", ["<b>Roster & Co</b>", '" onmouseover="x', "{token}", "{link.__class__}", "${TOKEN}"]
)
def test_what_a_deployment_calls_itself_is_escaped_and_not_expanded(letter: Letter, product: str) -> None:
    message = write(letter, PLACE._replace(product=product))
    assert product in message.subject
    assert product in message.text
    assert html.escape(product) in message.html
    assert "<b>" not in message.html


def test_an_address_with_quotes_cannot_leave_its_attribute() -> None:
    page = write("reset_password", PLACE._replace(app_url='https://app.example.com/"><script>alert(1)</script>')).html
    assert "<script>" not in page
    assert '"><' not in page.split("<a href=")[1].split("&quot;")[0]


@pytest.mark.parametrize("letter", LETTERS)
def test_nothing_that_a_user_wrote_is_in_a_letter(letter: Letter) -> None:
    message = write(letter, email="win-a-prize@example.com")
    assert message.to == "win-a-prize@example.com"
    assert "prize" not in message.subject + message.text + message.html


@pytest.mark.parametrize(
    ("typed", "to"),
    [
        ("Ada@Example.COM", "Ada@example.com"),
        ("ａｄａ＠example.com", "ada@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("STRASSE@example.com", "STRASSE@example.com"),
    ],
)
def test_mail_goes_to_the_address_as_typed_with_its_domain_in_ascii(typed: str, to: str) -> None:
    assert write("verify_email", email=typed).to == to
