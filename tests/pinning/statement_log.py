"""The log in which a PostgreSQL of the tests writes down every statement, and who sent it."""

import os
import re
from pathlib import Path
from typing import NamedTuple

# Settings of a server whose log this is.
SETTINGS = {"log_statement": "all", "log_line_prefix": "%u|%d|%a|"}
# How tests and benchmarks call their own connections; Roster gives its own no name. Whoever has no such name is judged.
OURS = ("tests", "benchmarks")

# PostgreSQL begins the further lines of an entry with a tab, so a statement cannot look like an entry.
_ENTRY = re.compile(
    r"^(\w*)\|(\w*)\|([^|\n]*)\|LOG:  (statement|execute [^:\n]*|fastpath [^:\n]*): (.*(?:\n\t.*)*)", re.M
)


class Entry(NamedTuple):
    """A statement; *way* is `statement` for the simple protocol, and else says how it came."""

    role: str
    database: str
    name: str
    way: str
    text: str


class StatementLog:
    """Reads a server's log from where it was read last; a server that starts again begins a new one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb")

    def skip(self) -> None:
        """Leave alone what was written so far."""
        self._file.seek(0, os.SEEK_END)

    def new(self) -> list[Entry]:
        """Return what was written since the last call."""
        entries = _entries(self._lines())
        if self._began_anew():
            self._file.close()
            self._file = self._path.open("rb")
            entries += _entries(self._lines())
        return entries

    def close(self) -> None:
        self._file.close()

    def _began_anew(self) -> bool:
        return self._path.exists() and self._path.stat().st_ino != os.fstat(self._file.fileno()).st_ino

    def _lines(self) -> str:
        """Read what is there, but half a line."""
        data = self._file.read()
        whole = data.rfind(b"\n") + 1
        self._file.seek(whole - len(data), os.SEEK_CUR)
        return data[:whole].decode("utf-8", "replace")


def without_statements(text: str) -> str:
    """Return what a log tells that nobody asked it to."""
    return _ENTRY.sub("", text)


def _entries(text: str) -> list[Entry]:
    return [Entry(*found)._replace(text=found[-1].replace("\n\t", "\n")) for found in _ENTRY.findall(text)]
