"""The local mailbox, read as a test of a person's app would: from the files of the server."""

import re
import time
from pathlib import Path

from local import mailbox
from local.mailbox import Letter
from tests.end_to_end.server import LocalServer

WAIT_SECONDS = 10.0


def letters_to(server: LocalServer, address: str) -> list[Letter]:
    """Return the mails to that address, newest first."""
    return [letter for letter in mailbox.newest(folder_of(server)) if letter.to == address]


def wait_for(server: LocalServer, address: str, count: int = 1) -> Letter:
    """Return the newest mail to that address, once there are so many."""
    until = time.monotonic() + WAIT_SECONDS
    while len(letters := letters_to(server, address)) < count:
        assert time.monotonic() < until, f"{len(letters)} mails to {address}"
        time.sleep(0.05)
    return letters[0]


def token_in(letter: Letter) -> str:
    (token,) = re.findall(r"#token=([\w-]+)\s", letter.text)
    assert f"#token={token}" in letter.html
    return str(token)


def folder_of(server: LocalServer) -> Path:
    return server.home / "mail"
