"""The template served without a socket: gateway and authorizer are real, the handlers stand on what the test set up."""

import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from local.answer import Answer
from local.functions import Functions
from local.gateway import Gateway, Version
from local.model import Project
from local.request import Request
from local.template import read_project
from local.terminal import Terminal
from local.workers import Workers
from tests.functions import handler_of

ROOT = Path(__file__).parents[1]


class Inline(Workers):
    """Runs every call at once in the thread that asks, without a time limit."""

    def __init__(self) -> None:
        pass

    async def run(self, work: Callable[[], Any], timeout_seconds: float, limit_seconds: float) -> Any:
        return work()


class Api:
    """One warm environment behind one gateway, whose verdicts about tokens are kept as API Gateway keeps them."""

    def __init__(self) -> None:
        self.terminal = io.StringIO()
        handlers = {name: handler_of(each.file.parent.name) for name, each in project().functions.items()}
        version = Version.of(project(), Functions(handlers, {}, {}))
        self._gateway = Gateway(version, Terminal(self.terminal), Inline())

    def ask(
        self,
        method: str,
        path: str,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        query: Sequence[tuple[str, str]] = (),
    ) -> Answer:
        """Return the answer; header names are in lower case, the path is percent-encoded."""
        answering = self._gateway.answer(Request(method, path, query, headers, body))
        try:
            answering.send(None)
        except StopIteration as done:
            answer: Answer = done.value
            return answer
        raise AssertionError("nothing here waits")


@cache
def project() -> Project:
    return read_project(ROOT, {})
