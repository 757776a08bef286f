"""Logs and metrics: one JSON object a line, and one line a request, since log bytes are paid for."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from aws_lambda_powertools.logging import Logger

from roster.infrastructure import embedded_metrics, settings


@dataclass(slots=True)
class _Tally:
    """What was counted since the work at hand began, and what is to be said about it."""

    numbers: dict[str, float] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)


class _Environment:
    """This execution environment, which is cold until its first request."""

    is_cold = True


_tally: ContextVar[_Tally | None] = ContextVar("tally", default=None)


@cache
def logger() -> Logger:
    """Return the one logger; its context keys belong to the thread, as a request does."""
    return Logger(location=None)


def begin_request(**keys: str | None) -> None:
    """Put *keys* on every log line of this thread, and nothing of an earlier request."""
    logger().thread_safe_clear_keys()
    logger().thread_safe_append_keys(**{name: value for name, value in keys.items() if value})
    _tally.set(_Tally())


def end_request(status: int, code: str | None, milliseconds: float) -> None:
    """Say how the request went: one line is its log entry, and all of its metrics."""
    tally = _tally.get() or _Tally()
    _tally.set(None)
    facts = {"status": status} | ({"code": code} if code else {}) | tally.facts
    numbers = {"RequestTime": round(milliseconds, 1)} | tally.numbers
    failures = ("FailedRequests",) if status >= 500 else ()
    _write(facts, numbers | dict.fromkeys(failures, 1.0), by_route=failures)


@contextmanager
def work(**keys: str | None) -> Iterator[None]:
    """As a request, for what is none: what is counted within stands on one line at the end, if anything was."""
    begin_request(**keys)
    try:
        yield
    finally:
        tally = _tally.get()
        _tally.set(None)
        if tally and tally.numbers:
            _write(tally.facts, tally.numbers)


def count_cold_start() -> None:
    """Count this environment's first request, for which somebody waited longer."""
    if _Environment.is_cold:
        _Environment.is_cold = False
        count("ColdStarts")


def count(name: str, number: float = 1, **facts: str) -> None:
    """Count *number* more of *name*, on the line of the work at hand, or where there is none at once."""
    tally = _tally.get()
    if tally is None:
        _write(facts, {name: number})
    else:
        tally.numbers[name] = tally.numbers.get(name, 0) + number
        tally.facts.update(facts)


def report(name: str, **facts: object) -> None:
    """Count one *name* that somebody should look at: at once, as a warning with *facts*, lest it be lost."""
    _write({"level": "WARNING", "message": name, **facts}, {name: 1})


def log_fault(error: Exception) -> None:
    """Log an unexpected error: its type and where it came from; its text only where settings allow that."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    text = {"error": str(error)} if settings.logs_exception_messages() else {}
    facts = {"error_type": type(error).__qualname__, "where": where, "release": settings.release()}
    logger().error("fault", extra={**facts, **text})


def _write(
    facts: dict[str, object] | dict[str, str], numbers: dict[str, float], by_route: tuple[str, ...] = ()
) -> None:
    said = {"service": settings.service_name(), **logger().thread_safe_get_current_keys(), **facts}
    sys.stdout.write(embedded_metrics.line(said, numbers, by_route) + "\n")
