"""The mails that were written instead of sent, newest first."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import NamedTuple

_NAME = re.compile(r"\d{13}-\d+-\d+\.eml")
SHOWN_MAX = 100


class Letter(NamedTuple):
    """One mail; *name* is its file's, *sent_at* in seconds."""

    name: str
    to: str
    subject: str
    sent_at: int
    text: str
    html: str


def newest(folder: Path) -> list[Letter]:
    """Return the last hundred mails."""
    names = sorted((path.name for path in folder.glob("*.eml") if _NAME.fullmatch(path.name)), reverse=True)
    return [letter for name in names[:SHOWN_MAX] if (letter := find(folder, name))]


def find(folder: Path, name: str) -> Letter | None:
    """Return the mail in the file of that name, None if there is none."""
    if not _NAME.fullmatch(name):
        return None
    try:
        message = email.message_from_bytes((folder / name).read_bytes(), policy=default)
    except OSError:
        return None
    assert isinstance(message, EmailMessage)
    sent_at = int(name.split("-", maxsplit=1)[0]) // 1000
    parts = (_part(message, kind) for kind in ("plain", "html"))
    return Letter(name, str(message["To"]), str(message["Subject"]), sent_at, *parts)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")
