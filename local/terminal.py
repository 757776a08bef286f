"""What a person sees: one line a request, and what goes wrong; everything else is in the log."""

import contextlib
import io
import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO, cast

_ROTATE_BYTES = 10_000_000
_LOUD = ("ERROR", "CRITICAL")


class Terminal:
    """Writes whole lines to the person at the terminal, from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        try:
            with self._lock:
                self._stream.write(f"{text}\n")
                self._stream.flush()
        except (OSError, ValueError):  # the terminal is gone; serving goes on
            pass

    def access(self, method: str, path: str, status: int, milliseconds: float, by: str) -> None:
        shown = "".join(letter if letter.isprintable() else "?" for letter in path)
        self.say(f"{time.strftime('%H:%M:%S')} {method} {shown} {status} {milliseconds:.0f} ms {by}")


class LogStream(io.TextIOBase):
    """Stands in for sys.stdout: handlers print into the log file, and their errors also to the terminal."""

    def __init__(self, file: Path, terminal: Terminal) -> None:
        if file.exists() and file.stat().st_size > _ROTATE_BYTES:
            file.replace(file.with_name(f"{file.name}.1"))
        file.touch(mode=0o600)
        self._file = file.open("a", encoding="utf-8", errors="backslashreplace")
        self._terminal = terminal
        self._lock = threading.Lock()
        self._parts = threading.local()

    def write(self, text: str) -> int:
        """Gather what one thread writes until its line is whole."""
        begun = getattr(self._parts, "text", "") + text
        whole, newline, self._parts.text = begun.rpartition("\n")
        if newline:
            with self._lock:
                if not self._file.closed:  # a handler that was left behind may still print
                    self._file.write(f"{whole}\n")
                    self._file.flush()
            for line in whole.split("\n"):
                self._repeat(line)
        return len(text)

    def flush(self) -> None:
        """Do nothing: a line is written when it is whole."""

    def close(self) -> None:
        self._file.close()
        super().close()

    def writable(self) -> bool:
        return True

    def _repeat(self, line: str) -> None:
        if not any(level in line for level in _LOUD):
            return
        try:
            entry = json.loads(line)
        except ValueError:
            return
        if isinstance(entry, dict) and entry.get("level") in _LOUD:
            self._terminal.say(_readable(entry))


def _readable(entry: dict[str, Any]) -> str:
    told = [f"{entry['level']} {entry.get('message')}"]
    told += [
        f"    {name}: {entry[name]}" for name in ("function", "error_type", "error", "request_id") if name in entry
    ]
    told += [f"    {line}" for line in entry.get("where", []) if isinstance(line, str)]
    told += [f"    {line}" for line in str(entry.get("exception", "")).splitlines()]
    return "\n".join(told)


@contextlib.contextmanager
def printing_into(file: Path, terminal: Terminal) -> Iterator[None]:
    """Let everything that is printed go to *file*, in this process and for as long as this lasts."""
    before = sys.stdout
    with LogStream(file, terminal) as log:
        sys.stdout = cast(TextIO, log)
        try:
            yield
        finally:
            sys.stdout = before
