"""The logs and the sessions of all servers that this process of the tests has started, looked at together."""

from collections.abc import Callable
from pathlib import Path

from tests.pinning.statement_log import Entry, StatementLog

_logs: dict[Path, StatementLog] = {}
_read: list[Entry] = []
_witnesses: list[Callable[[], list[str]]] = []
_left: list[str] = []


def begin(path: Path) -> None:
    """Watch the log of a server that has started."""
    _logs[path] = StatementLog(path)


def watched() -> frozenset[Path]:
    return frozenset(_logs)


def end(path: Path) -> None:
    """Read the log of a server that has stopped to its end, and let it go; nothing if it was never watched."""
    if log := _logs.pop(path, None):
        _read.extend(log.new())
        log.close()


def catch_up() -> None:
    """Read what there is: a server is about to begin its log anew."""
    for log in _logs.values():
        _read.extend(log.new())


def new() -> list[Entry]:
    """Return what all of them wrote since the last call."""
    catch_up()
    entries = _read.copy()
    _read.clear()
    return entries


def ask(witness: Callable[[], list[str]]) -> None:
    """Ask *witness* from now on what was left on the sessions of a server."""
    _witnesses.append(witness)


def ask_no_more(witness: Callable[[], list[str]]) -> None:
    look()
    _witnesses.remove(witness)


def look() -> None:
    """See what was left on sessions, before they go."""
    for witness in _witnesses:
        _left.extend(witness())


def left() -> list[str]:
    """Return what was left on sessions since the last call."""
    look()
    found = _left.copy()
    _left.clear()
    return found
