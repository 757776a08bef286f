"""The local gateway on a port, with handlers that stand on what the test set up: HTTP as clients see it."""

import contextlib
import io
import threading
from collections.abc import Iterator

import httpx

from local.asgi import Application
from local.functions import Functions
from local.gateway import Gateway, Version
from local.server import serve, take_port
from local.stopping import StopSwitch
from local.terminal import Terminal
from tests.functions import handler_of
from tests.in_process import project


@contextlib.contextmanager
def serving() -> Iterator[httpx.Client]:
    """Serve the template in a thread, and yield who talks to it."""
    handlers = {name: handler_of(each.file.parent.name) for name, each in project().functions.items()}
    gateway = Gateway(Version.of(project(), Functions(handlers, {}, {})), Terminal(io.StringIO()))
    switch, port = StopSwitch(), take_port(0)
    thread = threading.Thread(target=serve, args=(Application(gateway), [], port, switch))
    thread.start()
    try:
        url, plainly = f"http://127.0.0.1:{port.getsockname()[1]}", {"Accept-Encoding": "identity"}
        with httpx.Client(base_url=url, headers=plainly, timeout=15) as client:
            yield client
    finally:
        switch.press()
        thread.join()
