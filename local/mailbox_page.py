"""The page that shows what mail was sent: text as it is, HTML in a sandbox, and nothing to anyone but this machine."""

import base64
import hashlib
import re
import time
from html import escape
from pathlib import Path

from local import mailbox
from local.answer import Answer
from local.mailbox import Letter
from local.request import Request

PATH = "/_mail"
_HOSTS = ("127.0.0.1", "localhost")
_TOKEN = re.compile(r"/(reset-password|verify-email)#token=([A-Za-z0-9_-]+)")
_STYLE = """
body { margin: 0 auto; max-width: 50rem; padding: 1rem; font-family: system-ui, sans-serif; line-height: 1.5;
  color: #1b1b1b; background: #fff }
article { border: 1px solid #8a8a8a; border-radius: .3rem; margin: 1rem 0; padding: 0 1rem 1rem }
h2 { font-size: 1.1rem } dl { display: grid; grid-template-columns: 4rem 1fr; margin: 0 }
dt { font-weight: bold } dd { margin: 0; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f3f3f3; padding: .7rem }
iframe { width: 100%; height: 24rem; border: 1px solid #8a8a8a; background: #fff }
""".strip()
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail</title>
<style>{style}</style>
</head>
<body>
<h1>Mail of the local server</h1>
<p>Nothing was sent: on this machine mail is written to <code>{folder}</code>. Newest first, {count} shown.</p>
{letters}
</body>
</html>
"""
_LETTER = """\
<article>
<h2>{subject}</h2>
<dl><dt>To</dt><dd>{to}</dd><dt>When</dt><dd>{when}</dd></dl>
<pre>{text}</pre>
{hint}<details><summary>As HTML</summary>
<iframe sandbox="" src="{path}/{name}" title="{subject}"></iframe></details>
</article>
"""
_COMMON = [
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
_OF_THE_LIST = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_OF_A_LETTER = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'"


def answer(request: Request, folder: Path) -> Answer | None:
    """Return the page, or one mail's HTML; None if the request is for neither."""
    if request.path != PATH and not request.path.startswith(f"{PATH}/"):
        return None
    if _host(request) not in _HOSTS:  # a web page elsewhere whose name leads here must not read links
        return _text(403, "This page is for this machine only.")
    if request.method not in ("GET", "HEAD"):
        return _text(405, "This page can only be read.", ("Allow", "GET, HEAD"))
    if request.path == PATH:
        return _html(_list(mailbox.newest(folder), folder, f"http://127.0.0.1:{request.port}"), _OF_THE_LIST)
    letter = mailbox.find(folder, request.path.removeprefix(f"{PATH}/"))
    return _text(404, "There is no such mail.") if letter is None else _html(letter.html, _OF_A_LETTER)


def _host(request: Request) -> str:
    host = next((value for name, value in request.headers if name.lower() == "host"), "")
    return host.rpartition(":")[0] or host


def _list(letters: list[Letter], folder: Path, url: str) -> str:
    shown = "".join(_shown(letter, url) for letter in letters) or "<p>There is none yet.</p>"
    return _PAGE.format(style=_STYLE, folder=escape(str(folder)), count=len(letters), letters=shown)


def _shown(letter: Letter, url: str) -> str:
    facts = {
        name: escape(value) for name, value in letter._asdict().items() if name in ("name", "to", "subject", "text")
    }
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(letter.sent_at))
    return _LETTER.format(**facts, when=when, hint=_hint(letter.text, url), path=PATH)


def _hint(text: str, url: str) -> str:
    """Return what to paste into a terminal, since no app is here to open the link."""
    found = _TOKEN.search(text)
    if found is None:
        return ""
    path, fields = ("verify-email", "") if found[1] == "verify-email" else ("password-reset", ', "new_password": "…"')
    data = f'{{"token": "{found[2]}"{fields}}}'
    command = f"curl -i {url}/api/auth/{path}/confirm -H 'Content-Type: application/json' -d '{data}'"
    return f"<p>What the app behind the link would send:</p>\n<pre>{escape(command)}</pre>\n"


def _html(text: str, policy: str) -> Answer:
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy), *_COMMON]
    return Answer(200, headers, text.encode())


def _text(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    return Answer(status, [("Content-Type", "text/plain; charset=utf-8"), *_COMMON, *headers], f"{text}\n".encode())
