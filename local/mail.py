"""Sending mail by itself: on AWS a schedule invokes the function that does."""

import asyncio
import contextlib

from local.gateway import Gateway
from local.integration import explained
from local.terminal import Terminal

FUNCTION = "SendMailsFunction"
_EVERY_SECONDS = 1.0


class Postman:
    """Invokes the function again and again, always in the version that serves."""

    def __init__(self, gateway: Gateway, terminal: Terminal) -> None:
        self._gateway = gateway
        self._terminal = terminal
        self._said = ""

    async def deliver(self, stop: asyncio.Event) -> None:
        """Send what is to be sent, until *stop*."""
        while not stop.is_set():
            await asyncio.to_thread(self.deliver_once)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)

    def deliver_once(self) -> None:
        """Send what is to be sent; a failure is told once, until it is another or none."""
        version = self._gateway.version
        function = version.project.functions.get(FUNCTION)
        if function is None:
            return
        try:
            version.functions.invoke(function, {})
            self._said = ""
        except Exception as error:  # noqa: BLE001 (whatever the code of the developer raises)
            self._say_once(f"No mail is sent. {explained(error, function)}")

    def _say_once(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self._terminal.say(text)
