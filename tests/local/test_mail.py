"""Mail on this machine: sent by itself, written to a folder, and shown on a page."""

import re
import stat
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from local import mailbox, mailbox_page
from local.answer import Answer
from local.mail import Postman
from local.request import Request
from local.terminal import Terminal
from tests.local.tiny import Tiny, a_gateway, served

HTML = "<!doctype html><p>Hello</p><script>alert(1)</script>"
COUNTING = """
    from pathlib import Path

    def handler(event, context):
        with (Path(__file__).parents[2] / "sent").open("a") as sent:
            sent.write(f"{context.get_remaining_time_in_millis() > 50_000}\\n")
"""
FAILING = """
    def handler(event, context):
        raise ValueError("boom")
"""


def a_letter(folder: Path, number: int = 1, subject: str = "Hello", text: str = "Hello\n") -> str:
    """Put a mail into the folder and return its name."""
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "roster@example.com", "ada@example.com", subject
    message.set_content(text)
    message.add_alternative(HTML, subtype="html")
    name = f"{1_795_377_665_000 + number}-{number}-1.eml"
    (folder / name).write_bytes(message.as_bytes())
    return name


def ask(folder: Path, path: str = "/_mail", host: str | None = "127.0.0.1:3000", method: str = "GET") -> Answer | None:
    headers: Sequence[tuple[str, str]] = [("host", host)] if host else []
    return mailbox_page.answer(Request(method, path, headers=headers), folder)


def shown(folder: Path, path: str = "/_mail") -> tuple[str, dict[str, str]]:
    answer = ask(folder, path)
    assert answer is not None
    assert answer.status == 200
    return answer.body.decode(), dict(answer.headers)


def test_an_empty_mailbox_says_so(tmp_path: Path) -> None:
    assert "There is none yet." in shown(tmp_path)[0]
    assert "There is none yet." in shown(tmp_path / "missing")[0]


def test_the_newest_mail_is_the_first(tmp_path: Path) -> None:
    for number in (2, 3, 1):
        a_letter(tmp_path, number, f"Number {number}")
    page, _ = shown(tmp_path)
    assert re.findall(r"<h2>Number (\d)</h2>", page) == ["3", "2", "1"]
    assert page.count("ada@example.com") == 3


def test_no_more_than_a_hundred_are_read(tmp_path: Path) -> None:
    for number in range(101):
        a_letter(tmp_path, number, f"Number {number}")
    assert "Number 0<" not in shown(tmp_path)[0]
    assert len(mailbox.newest(tmp_path)) == 100


def test_what_is_in_a_mail_is_text_on_the_page(tmp_path: Path) -> None:
    a_letter(tmp_path, subject='<img src=x onerror="alert(1)">', text="</pre><script>alert(1)</script>\n")
    page, _ = shown(tmp_path)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;/pre&gt;&lt;script&gt;alert(1)" in page


def test_the_page_may_load_and_run_nothing_but_its_own_style_and_its_frames(tmp_path: Path) -> None:
    a_letter(tmp_path)
    page, headers = shown(tmp_path)
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert (policy["frame-src"], policy["frame-ancestors"], policy["form-action"]) == ("'self'", "'none'", "'none'")
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]{44}'", policy["style-src"])
    assert '<iframe sandbox="" src="/_mail/' in page
    assert headers["Cache-Control"] == "no-store"


def test_html_is_shown_in_a_sandbox_even_by_itself(tmp_path: Path) -> None:
    name = a_letter(tmp_path)
    page, headers = shown(tmp_path, f"/_mail/{name}")
    assert page.strip() == HTML
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'; ")
    assert "script" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["x", "../keys.json", "..%2fkeys.json", "1795377665001-9-9.eml", "", "1.eml.new"])
def test_nothing_but_mails_is_shown(name: str, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("secret")
    folder = tmp_path / "mail"
    folder.mkdir()
    answer = ask(folder, f"/_mail/{name}")
    assert answer is not None
    assert (answer.status, b"secret" in answer.body) == (404, False)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:3000", "127.0.0.1.evil.example", "", None])
def test_a_name_that_leads_here_from_elsewhere_is_shown_nothing(host: str | None, tmp_path: Path) -> None:
    a_letter(tmp_path)
    answer = ask(tmp_path, host=host)
    assert answer is not None
    assert (answer.status, b"Hello" in answer.body) == (403, False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:3000", "localhost", "localhost:3001"])
def test_this_machine_is_shown_everything(host: str, tmp_path: Path) -> None:
    answer = ask(tmp_path, host=host)
    assert answer is not None
    assert answer.status == 200


def test_the_page_is_read_only(tmp_path: Path) -> None:
    answer = ask(tmp_path, method="POST")
    assert answer is not None
    assert (answer.status, dict(answer.headers)["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/api/users", "/_mailbox", "/x/_mail"])
def test_every_other_path_is_the_gateways(path: str, tmp_path: Path) -> None:
    assert ask(tmp_path, path) is None


@pytest.mark.parametrize(
    ("link", "path"),
    [("/reset-password", "/api/auth/password-reset/confirm"), ("/verify-email", "/api/auth/verify-email/confirm")],
)
def test_a_link_comes_with_the_request_that_the_app_would_send(link: str, path: str, tmp_path: Path) -> None:
    a_letter(tmp_path, text=f"Here:\nhttp://localhost:3000{link}#token=abc-_1\n")
    page, _ = shown(tmp_path)
    assert f"curl -i http://127.0.0.1:3000{path} " in page
    assert "&quot;token&quot;: &quot;abc-_1&quot;" in page


def test_a_stack_without_mail_is_left_alone(tmp_path: Path) -> None:
    gateway, said = a_gateway(Tiny(tmp_path))
    Postman(gateway, Terminal(said)).deliver_once()
    assert said.getvalue() == ""


def test_a_failure_is_told_once_until_it_is_another(tmp_path: Path) -> None:
    gateway, said = a_gateway(Tiny(tmp_path).function("SendMailsFunction", FAILING))
    postman = Postman(gateway, Terminal(said))
    for _ in range(3):
        postman.deliver_once()
    assert said.getvalue().count("No mail is sent.") == 1
    assert "boom" in said.getvalue()


@pytest.mark.integration
def test_mail_is_sent_every_second_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path).function("SendMailsFunction", COUNTING, Timeout=60)
    with served(tiny) as (_, said):
        time.sleep(2.5)
        assert (tmp_path / "sent").read_text().splitlines() == ["True"] * 3
        assert said.getvalue() == ""


def test_events_that_nobody_makes_here_are_passed_over(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path).function("SendMailsFunction", COUNTING, "GET /x")
    events: dict[str, Any] = tiny.resources["SendMailsFunction"]["Properties"]["Events"]
    events["Minute"] = {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}
    events["Returned"] = {"Type": "SNS", "Properties": {"Topic": {"Ref": "Layer"}}}
    assert [route.path for route in tiny.project().api.routes] == ["/x"]


def test_files_of_the_mailbox_are_named_as_the_mailer_names_them(tmp_path: Path) -> None:
    from roster.infrastructure.mail import FolderMailer, Message

    FolderMailer(tmp_path, "roster@example.com", "Roster").send(Message("a@example.com", "Hi", "x\n", "<p>x</p>"), 7, 2)
    (letter,) = mailbox.newest(tmp_path)
    assert (letter.to, letter.subject, letter.text, letter.html) == ("a@example.com", "Hi", "x\n", "<p>x</p>\n")
    assert abs(letter.sent_at - time.time()) < 60
    assert stat.S_IMODE((tmp_path / letter.name).stat().st_mode) == 0o600
