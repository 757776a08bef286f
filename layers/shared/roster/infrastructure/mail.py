"""Mail to the outside: what a message is, and a mailer that writes files instead of sending."""

import os
import time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import NamedTuple, Protocol

# Seven bits go through every server unchanged.
_POLICY = SMTP.clone(cte_type="7bit")
_FILE_NAME = "{milliseconds}-{mail_id}-{attempt}.eml"


class MailNotSentError(Exception):
    """
    The mail was not handed over.

    *code* says why, in one word without the address; *is_about_us* says that others would be refused now as well.
    """

    def __init__(self, code: str, *, is_about_us: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_about_us = is_about_us


class Message(NamedTuple):
    """A mail to one address, in two forms that say the same."""

    to: str
    subject: str
    text: str
    html: str


class Mailer(Protocol):
    def send(self, message: Message, mail_id: int, attempt: int) -> None:
        """
        Hand a message over; what is said of it later names *mail_id* and *attempt*.

        Raises:
            MailNotSentError: If it was not taken, or nobody knows whether it was.
        """


def as_email(message: Message, sender: str, sender_name: str) -> EmailMessage:
    """
    Return the message as RFC 5322 has it.

    Raises:
        MailNotSentError: If the address or the subject cannot stand in a header; no line break ever gets into one.
    """
    if not message.to.isascii():  # SES takes no SMTPUTF8 (RFC 6531)
        raise MailNotSentError("address_not_ascii")
    email = EmailMessage(policy=_POLICY)
    try:
        email["From"] = Address(sender_name, addr_spec=sender)
        email["To"] = Address(addr_spec=message.to)
        email["Subject"] = message.subject
    except (ValueError, IndexError):
        raise MailNotSentError("unfit_header") from None
    email["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    email.set_content(message.text)
    email.add_alternative(message.html, subtype="html")
    return email


class FolderMailer:
    """Implements `Mailer` by writing a file for each mail, which only its owner may read."""

    def __init__(self, folder: Path, sender: str, sender_name: str) -> None:
        self._folder = folder
        self._sender = sender
        self._sender_name = sender_name

    def send(self, message: Message, mail_id: int, attempt: int) -> None:
        content = as_email(message, self._sender, self._sender_name).as_bytes()
        name = _FILE_NAME.format(milliseconds=time.time_ns() // 1_000_000, mail_id=mail_id, attempt=attempt)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f"{name}.new"
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(content)
        unfinished.replace(self._folder / name)
