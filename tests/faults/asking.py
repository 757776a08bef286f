"""Asking the functions of one environment: each answer is held to the contract, timed and counted."""

import json
import time
from pathlib import Path
from typing import Any, NamedTuple

from tests.builders import a_context
from tests.faults import answers
from tests.faults.answers import READ_SECONDS_MAX, WRITE_SECONDS_MAX, Response, WrongAnswerError
from tests.faults.board import Board, Slot
from tests.functions import handler_of

_CONTEXT = a_context()
# Good answers to reads are all alike: of these many one is looked at closely.
_SAMPLED = 50


class Asked(NamedTuple):
    """An answer, None if there was none to be used, and when it was asked for and came, in nanoseconds."""

    response: Response | None
    invoked: int
    returned: int

    @property
    def status(self) -> int:
        return int(self.response["statusCode"]) if self.response else 0


class Asking:
    """The handlers of the environment with that *number*; what is wrong is written into *file*."""

    def __init__(self, number: int, board: Board, file: Path) -> None:
        self.number, self.board, self._file = number, board, file
        self._asked = 0

    def ask(self, stem: str, event: dict[str, Any], expected: tuple[int, ...]) -> Asked:
        freezes, invoked = self.board.get(self.number, Slot.FREEZES), time.monotonic_ns()
        response: Response | None = None
        try:
            response = handler_of(stem)(event, _CONTEXT)
            returned = time.monotonic_ns()
            self._judge(response, expected)
        except WrongAnswerError as error:
            self.report(str(error), stem, response)
        except Exception as error:  # noqa: BLE001 (nothing a client sends may raise)
            returned = time.monotonic_ns()
            self.report(f"it raised {type(error).__name__}", stem, None)
        if freezes == self.board.get(self.number, Slot.FREEZES):
            self._judge_time(stem, event, (returned - invoked) / 1e9)
        return Asked(response, invoked, returned)

    def report(self, what: str, stem: str, response: Response | None) -> None:
        """Write down what is wrong with an answer."""
        self.board.count(self.number, Slot.WRONG)
        found = {"at": time.monotonic_ns(), "environment": self.number, "function": stem, "wrong": what}
        with self._file.open("a") as opened:
            opened.write(json.dumps({**found, "answer": response}) + "\n")

    def _judge(self, response: Response, expected: tuple[int, ...]) -> None:
        self._asked += 1
        status = response["statusCode"]
        if status == 503:
            unknown = answers.is_unknown(response)
            self.board.count(self.number, Slot.UNKNOWN if unknown else Slot.UNAVAILABLE)
        if status != 200 or self._asked % _SAMPLED == 0:
            answers.check(response, expected)

    def _judge_time(self, stem: str, event: dict[str, Any], seconds: float) -> None:
        limit = READ_SECONDS_MAX if event["httpMethod"] == "GET" else WRITE_SECONDS_MAX
        if seconds > limit:
            self.report(f"it took {seconds:.1f} s", stem, None)
