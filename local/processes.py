"""Child processes that never outlive the server, whatever ends it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# Waits for the end of the pipe that the server holds, then sends the signal; so it also works after a SIGKILL.
_WATCHDOG = 'read _; kill -s "$1" "$2" 2>/dev/null'


def keep_going() -> None:
    """Do nothing: the default of those who may be asked to stop while they wait."""


class Child:
    """A server in a session of its own, so that Ctrl-C in the terminal does not reach it; its log begins anew."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        stop_signal: signal.Signals,
        user: str | None = None,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._stop_signal = stop_signal
        _begin_anew(log)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd="/",
                env=dict(os.environ if environment is None else environment),
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )
        self._watchdog = _watch(self._process.pid, stop_signal)
        self._feed(stdin)

    def _feed(self, stdin: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        with contextlib.suppress(BrokenPipeError):
            pipe.write(stdin)
            pipe.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def stop(self, timeout_seconds: float = 10) -> None:
        """Stop politely, then by force; safe to call twice."""
        for sent in (self._stop_signal, signal.SIGQUIT, signal.SIGKILL):
            if self.ended:
                break
            self._process.send_signal(sent)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout_seconds)
        assert self._watchdog.stdin is not None
        self._watchdog.stdin.close()
        self._watchdog.wait()


def _begin_anew(log: Path) -> None:
    log.unlink(missing_ok=True)
    log.touch(mode=0o600)


def _watch(pid: int, stop_signal: signal.Signals) -> "subprocess.Popen[bytes]":
    name = stop_signal.name.removeprefix("SIG")
    return subprocess.Popen(
        ["/bin/sh", "-c", _WATCHDOG, "watchdog", name, str(pid)],
        stdin=subprocess.PIPE,
        start_new_session=True,
        cwd="/",
    )


def wait_until(ready: Callable[[], bool], timeout_seconds: float, check: Callable[[], None]) -> bool:
    """Return whether *ready* came true in time; *check* raises when the wait should be given up."""
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        check()
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def tail_of(log: Path, lines: int = 8) -> str:
    """Return the last lines of a log, indented, for a message."""
    with contextlib.suppress(OSError):
        found = log.read_text(errors="replace").splitlines()[-lines:]
        return "".join(f"\n    {line}" for line in found)
    return ""
