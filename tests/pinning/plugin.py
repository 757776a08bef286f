"""
Whether a test let Roster send what pins RDS Proxy: then that very test fails, whichever it is.

A plugin of pytest. All servers that tests start write down every statement; after each test what is new is judged.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from local.postgres_database import SUPERUSER
from tests.pinning import watch
from tests.pinning.pins import why_it_pins, without_values
from tests.pinning.statement_log import OURS, Entry

_JUDGED = pytest.StashKey[int]()
_OUTPUT = "statements judged"
_SHOWN_MAX = 300


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Judge when all that the test started has ended, what a thread still sends is the next one's."""
    yield
    left = watch.left()
    sent = [entry for entry in watch.new() if is_rosters(entry)]
    item.config.stash[_JUDGED] = judged(item.config) + len(sent)
    if found := [*pinning(sent), *(f"left on a session: {what}" for what in left)]:
        pytest.fail("\n".join(["Roster pins connections of RDS Proxy:", *found]), pytrace=False)


def is_rosters(entry: Entry) -> bool:
    """Return whether that is none of a test, and not PgBouncer's own look-up of a password."""
    return entry.name not in OURS and entry.role != SUPERUSER


def pinning(sent: Iterable[Entry]) -> list[str]:
    """Return what pins, each shape of a statement once."""
    found = Counter((why, entry.role, without_values(entry.text)) for entry in sent if (why := _why(entry)))
    return [f"{why}, {times} times as {role}: {text[:_SHOWN_MAX]}" for (why, role, text), times in found.items()]


def _why(entry: Entry) -> str | None:
    return why_it_pins(entry.text) if entry.way == "statement" else f"the extended protocol ({entry.way})"


def judged(config: Any) -> int:
    """Return how many statements were judged so far, in this process and the workers that have ended."""
    return int(config.stash.get(_JUDGED, 0))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[_OUTPUT] = judged(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_JUDGED] = judged(node.config) + getattr(node, "workeroutput", {}).get(_OUTPUT, 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if judged(config):
        terminalreporter.line(f"{judged(config):,} statements of Roster judged: does any pin RDS Proxy?")
