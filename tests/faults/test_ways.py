"""What ways to a server do: they lead to it, to nobody or nowhere, are late, and are cut where they should be."""

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from local.ports import LOOPBACK
from tests.faults.ways import Ways

WAY = "a way"


class Echo:
    """A server that answers with what it got, and keeps it."""

    def __init__(self) -> None:
        self.got = b""
        self._listening = socket.create_server((LOOPBACK, 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while data := connection.recv(1024):
                self.got += data
                connection.sendall(data)

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    with contextlib.closing(Echo()) as echo:
        yield echo


@pytest.fixture
def ways(echo: Echo) -> Iterator[Ways]:
    with contextlib.closing(Ways([WAY, "another"])) as ways:
        ways.point_to(WAY, echo.port)
        yield ways


@contextlib.contextmanager
def client(ways: Ways) -> Iterator[socket.socket]:
    with socket.create_connection((LOOPBACK, ways.ports[WAY]), timeout=5) as connection:
        yield connection


def asked(connection: socket.socket, question: bytes, timeout_seconds: float = 5) -> bytes | None:
    """Return the answer, b"" if the connection was cut, None if nothing came."""
    connection.settimeout(timeout_seconds)
    try:
        connection.sendall(question)
        return connection.recv(1024)
    except TimeoutError:
        return None
    except OSError:
        return b""


def test_a_way_leads_to_its_server_and_others_to_nobody(ways: Ways) -> None:
    with client(ways) as connection:
        assert asked(connection, b"one") == b"one"
        assert asked(connection, b"two") == b"two"
    with socket.create_connection((LOOPBACK, ways.ports["another"]), timeout=5) as refused:
        assert asked(refused, b"one") == b""


def test_who_is_led_elsewhere_is_cut(ways: Ways, echo: Echo) -> None:
    with client(ways) as connection:
        assert asked(connection, b"one") == b"one"
        ways.point_to(WAY, None)
        assert asked(connection, b"two") == b""
        ways.point_to(WAY, echo.port)
    with client(ways) as connection:
        assert asked(connection, b"three") == b"three"


def test_what_is_swallowed_never_comes(ways: Ways, echo: Echo) -> None:
    with client(ways) as before:
        assert asked(before, b"one") == b"one"
        ways.swallow(WAY)
        with client(ways) as after:
            assert asked(before, b"two", 0.3) is None
            assert asked(after, b"three", 0.3) is None
    assert echo.got == b"one"


def test_what_is_late_comes_in_order(ways: Ways) -> None:
    with client(ways) as connection:
        ways.delay(WAY, 0.2)
        began = time.monotonic()
        connection.sendall(b"one")
        time.sleep(0.05)
        ways.delay(WAY, 0)
        connection.sendall(b"two")
        answer = b""
        while len(answer) < 6:
            answer += connection.recv(1024)
        assert answer == b"onetwo"
        assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize("hands_on", [True, False])
def test_a_cut_comes_at_its_mark_once(hands_on: bool, ways: Ways, echo: Echo) -> None:
    ways.cut_at(WAY, "COMMIT", hands_on=hands_on)
    with client(ways) as connection:
        assert asked(connection, b"BEGIN") == b"BEGIN"
        assert asked(connection, b"COMMIT") == b""
    with client(ways) as connection:
        assert asked(connection, b"COMMIT.") == b"COMMIT."
    assert echo.got == (b"BEGINCOMMITCOMMIT." if hands_on else b"BEGINCOMMIT.")


def test_a_process_dies_with_a_cut(ways: Ways) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        ways.cut_at(WAY, "COMMIT", hands_on=False, kill=process.pid)
        with client(ways) as connection:
            assert asked(connection, b"COMMIT") == b""
        assert process.wait(5) == -9
