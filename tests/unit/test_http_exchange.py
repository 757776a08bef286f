"""Reading an HTTP answer: as the standard library reads it, and never a part of one."""

import io
import socket
import threading
from http.client import HTTPException, HTTPResponse
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roster.infrastructure import deadline, http_exchange
from roster.infrastructure.http_exchange import Answer, ExchangeError, Request

REQUEST = Request("GET", "/?a=b", {"host": "127.0.0.1", "x-one": "two"}, b"body")

names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True).filter(
    lambda name: name.lower() not in ("content-length", "transfer-encoding")
)
values = st.from_regex(r"[ -~]{0,40}", fullmatch=True)
chunks = st.lists(st.binary(min_size=1, max_size=5000), max_size=4)


class Arrived:
    """A socket from which all has arrived."""

    def __init__(self, sent: bytes) -> None:
        self.sent = io.BytesIO(sent)

    def makefile(self, _mode: str) -> io.BytesIO:
        return self.sent

    def settimeout(self, _seconds: float) -> None: ...

    def recv_into(self, buffer: memoryview) -> int:
        return self.sent.readinto(buffer)


def read(sent: bytes) -> Answer:
    return http_exchange._read(cast(socket.socket, Arrived(sent)))


def read_by_the_standard_library(sent: bytes) -> Answer:
    response = HTTPResponse(cast(socket.socket, Arrived(sent)))
    response.begin()
    return Answer(response.status, response.read())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.sampled_from([200, 201, 400, 403, 500, 503]), st.dictionaries(names, values, max_size=5), chunks, st.booleans()
)
def test_answers_are_read_as_the_standard_library_reads_them(
    status: int, headers: dict[str, str], parts: list[bytes], chunked: bool
) -> None:
    head = f"HTTP/1.1 {status} Some Reason\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    body = b"".join(parts)
    if chunked:
        coded = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts)
        sent = head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + coded + b"0\r\n\r\n"
    else:
        sent = head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body
    assert read(sent) == read_by_the_standard_library(sent) == Answer(status, body)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n" + b"x" * 300_000,
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nbody",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\nbody",
    ],
)
def test_a_part_of_an_answer_is_none(sent: bytes) -> None:
    with pytest.raises((ValueError, LookupError)):
        read(sent)


def test_a_request_is_sent_as_it_is_read_elsewhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        received: list[bytes] = []

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                received.append(connection.recv(65_536))
                connection.sendall(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        assert http_exchange.ask(server.getsockname(), REQUEST, None) == Answer(204, b"")
        thread.join()
    head, _, body = received[0].partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"GET /?a=b HTTP/1.1", b"host: 127.0.0.1", b"x-one: two", b"content-length: 4", b"connection: close"
    ]  # fmt: skip
    assert body == b"body"


def test_a_server_that_says_nothing_is_waited_for_until_the_deadline() -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, deadline.within(0.1), pytest.raises(ExchangeError, match="Timeout"):
        http_exchange.ask(silent.getsockname(), REQUEST, None)


def test_what_the_standard_library_refuses_is_refused() -> None:
    for sent in (b"", b"nonsense\r\n\r\n"):
        with pytest.raises((HTTPException, ValueError)):
            read_by_the_standard_library(sent)
        with pytest.raises((ValueError, LookupError)):
            read(sent)
