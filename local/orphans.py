"""Processes that an earlier server left behind: is one ours, and how does it end."""

import contextlib
import signal

import psutil

from local.processes import keep_going, wait_until


def command_of(pid: int) -> list[str]:
    """Return the command line of a process; empty when there is none, or none that we may see."""
    try:
        return list(psutil.Process(pid).cmdline())
    except (psutil.Error, ValueError):
        return []


def started_at(pid: int) -> float | None:
    """Return when a process started: with the pid it names one process for good. None: there is none."""
    try:
        return float(psutil.Process(pid).create_time())
    except (psutil.Error, ValueError):
        return None


def stop_orphan(pid: int, stop_signal: signal.Signals, timeout_seconds: float = 10) -> None:
    """End a process that an earlier server left behind; the caller has made sure that it is ours."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for sent in (stop_signal, signal.SIGKILL):
            process.send_signal(sent)
            if wait_until(lambda: _is_gone(process), timeout_seconds, keep_going):
                return


def _is_gone(process: psutil.Process) -> bool:
    # One that ended stays a zombie until its new parent looks, which may take seconds.
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
