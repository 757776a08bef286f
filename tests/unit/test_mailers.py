"""Messages as RFC 5322 has them, and the mailer that writes files."""

import email
import stat
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from roster.infrastructure.mail import FolderMailer, MailNotSentError, Message, as_email

MESSAGE = Message("ada@example.com", "Reset your Roster password", "Überraschung:\nhttps://x/#token=abc\n", "<p>Ü</p>")


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def built(message: Message = MESSAGE, sender: str = "roster@example.com", name: str = "Roster") -> bytes:
    return as_email(message, sender, name).as_bytes()


def test_a_message_has_both_parts_and_tells_machines_not_to_answer() -> None:
    message = parsed(built())
    assert (message["From"], message["To"]) == ("Roster <roster@example.com>", "ada@example.com")
    assert message["Subject"] == "Reset your Roster password"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    contents = [part.get_content().replace("\r\n", "\n") for part in message.iter_parts()]
    assert contents == [MESSAGE.text, "<p>Ü</p>\n"]


def test_lines_end_as_smtp_wants_them_and_stay_short() -> None:
    data = built(MESSAGE._replace(text="x" * 5000 + "\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert data.isascii()


BAD = ["\r\nBcc: eve@example.com", "\nX: y", "\rX: y"]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("field", ["to", "subject"])
def test_no_header_can_be_injected(field: str, bad: str) -> None:
    with pytest.raises(MailNotSentError, match="unfit_header"):
        built(MESSAGE._replace(**{field: getattr(MESSAGE, field) + bad}))


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("field", ["sender", "name"])
def test_not_even_by_whoever_deploys(field: str, bad: str) -> None:
    with pytest.raises(MailNotSentError, match="unfit_header"):
        built(**{field: "roster@example.com" + bad})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("ada@example.com, eve@example.com", "unfit_header"),
        ("ada", "unfit_header"),
        ("", "unfit_header"),
        ("üda@example.com", "address_not_ascii"),
    ],
)
def test_what_is_not_one_address_that_can_be_written_to_is_not_sent(to: str, code: str) -> None:
    with pytest.raises(MailNotSentError, match=f"^{code}$"):
        built(MESSAGE._replace(to=to))


def test_a_mail_becomes_a_file_that_only_its_owner_may_read(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    FolderMailer(folder, "roster@example.com", "Roster").send(MESSAGE, mail_id=7, attempt=2)
    (file,) = folder.iterdir()
    assert file.name.endswith("-7-2.eml")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert parsed(file.read_bytes())["To"] == "ada@example.com"


def test_what_cannot_be_a_mail_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(MailNotSentError):
        FolderMailer(tmp_path, "roster@example.com", "Roster").send(MESSAGE._replace(to="ada"), 1, 1)
    assert list(tmp_path.iterdir()) == []
