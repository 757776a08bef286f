"""Whether the parts behind the API answer, and how fast; says nothing about versions or addresses."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from roster.errors import RosterError


class Part(NamedTuple):
    """A part and the question to it; without a vital one the service is down, without another degraded."""

    name: str
    answers: Callable[[], bool]
    is_vital: bool


@dataclass(frozen=True, slots=True)
class Check:
    status: Literal["up", "down"]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Health:
    status: Literal["up", "degraded", "down"]
    checks: dict[str, Check]


def examine(parts: Sequence[Part]) -> Health:
    """Ask every part."""
    checks = {part.name: _examine_one(part) for part in parts}
    down = [part for part in parts if checks[part.name].status == "down"]
    if any(part.is_vital for part in down):
        return Health("down", checks)
    return Health("degraded" if down else "up", checks)


def _examine_one(part: Part) -> Check:
    started = time.perf_counter()
    try:
        is_up = part.answers()
    except RosterError:
        is_up = False
    return Check("up" if is_up else "down", round((time.perf_counter() - started) * 1000, 3))
