"""Ctrl-C and SIGTERM: noted at once, obeyed at the next safe point."""

import signal
from collections.abc import Callable
from types import FrameType

from local.errors import StopRequestedError


class StopSwitch:
    """
    Remembers that the server shall stop.

    A signal raises nothing by itself, so that none can tear apart the start or the end of a child process;
    whoever waits asks with `check`. Further signals change nothing.
    """

    def __init__(self) -> None:
        self.pressed = False
        self._listener: Callable[[], None] | None = None

    def install(self) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._noted)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup wants us to outlive the terminal
            signal.signal(signal.SIGHUP, self._noted)

    def _noted(self, _number: int, _frame: FrameType | None) -> None:
        self.press()

    def press(self) -> None:
        self.pressed = True
        if self._listener:
            self._listener()

    def check(self) -> None:
        """
        Do nothing, or end the start.

        Raises:
            StopRequestedError: If the server shall stop.
        """
        if self.pressed:
            raise StopRequestedError

    def on_press(self, listener: Callable[[], None]) -> None:
        """Call *listener* at the signal, or now if there was one already."""
        self._listener = listener
        if self.pressed:
            listener()
