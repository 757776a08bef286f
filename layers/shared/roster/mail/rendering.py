"""Letters, as text and as HTML, from one source each: a subject, then paragraphs, one of which is a link."""

import html
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from roster.infrastructure.mail import Message
from roster.mail.models import Addressee, Letter

FOLDER = Path(__file__).with_name("templates")
# Where the pages of the app are; what comes after `#` never leaves the browser, so no server logs it.
_PATHS: dict[Letter, str] = {
    "reset_password": "/reset-password#token={token}",
    "verify_email": "/verify-email#token={token}",
    "confirm_registration": "/verify-email#token={token}",
    "already_registered": "/forgot-password",
}
_LINK = re.compile(r"\[(?P<label>[^\]]+)\]\(\{link\}\)")
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{subject}</title>
</head>
<body style="margin: 0 auto; max-width: 36em; padding: 1.5em; font-family: sans-serif; line-height: 1.5">
<h1 style="font-size: 1.4em">{subject}</h1>
{paragraphs}
</body>
</html>
"""


class Place(NamedTuple):
    """What all letters of a deployment share: the product's name, and the address of its web pages."""

    product: str
    app_url: str


class _Source(NamedTuple):
    subject: str
    paragraphs: tuple[str, ...]


def write(addressee: Addressee, token: str, place: Place) -> Message:
    """Return the letter to *addressee*, whose link holds *token* if it is one with a token."""
    source = _read(addressee.letter)
    values = {
        "product": place.product,
        "link": place.app_url.rstrip("/") + _PATHS[addressee.letter].format(token=quote(token, safe="")),
        "expires": _shown(addressee.expires_at),
    }
    subject = source.subject.format(**values)
    return Message(addressee.address.deliverable, subject, _as_text(source, values), _as_html(source, subject, values))


def _as_text(source: _Source, values: dict[str, str]) -> str:
    paragraphs = (_LINK.sub(r"\g<label>:\n{link}", paragraph) for paragraph in source.paragraphs)
    return "\n\n".join(paragraph.format(**values) for paragraph in paragraphs) + "\n"


def _as_html(source: _Source, subject: str, values: dict[str, str]) -> str:
    escaped = {name: html.escape(value) for name, value in values.items()}
    sources = (html.escape(paragraph) for paragraph in source.paragraphs)
    linked = (_LINK.sub(r'<a href="{link}">\g<label></a>', paragraph) for paragraph in sources)
    paragraphs = "\n".join(f"<p>{paragraph.format(**escaped)}</p>" for paragraph in linked)
    return _PAGE.format(subject=html.escape(subject), paragraphs=paragraphs)


@cache
def _read(letter: Letter) -> _Source:
    subject, *paragraphs = (FOLDER / f"{letter}.txt").read_text("utf-8").strip().split("\n\n")
    return _Source(subject, tuple(paragraphs))


def _shown(time: datetime | None) -> str:
    """Return a time for people, in the one zone that we know of."""
    return "" if time is None else f"{time.astimezone(UTC):%d %B %Y, %H:%M} UTC"
