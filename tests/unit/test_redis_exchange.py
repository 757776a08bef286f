"""Replies of Redis are read as redis-py reads them, however they are cut on the way."""

import socket
from collections.abc import Callable, Iterator

import pytest
import redis
from roster.infrastructure.redis_exchange import ProtocolError, Replies, packed, replies
from roster.infrastructure.scripts import Call, Command, Script

COMMANDS: list[Command] = [
    Call(Script("return 1"), ("a", "é"), (1, b"\r\n\x00\xff", "", "x" * 70_000)).by_sha,
    Call(Script("return {}")).in_full,
    ("PING",),
]
REPLIES: list[tuple[bytes, object]] = [
    (b"$5\r\na\r\nb\xff\r\n", b"a\r\nb\xff"),
    (b"$0\r\n\r\n", b""),
    (b"$-1\r\n", None),
    (b"_\r\n", None),
    (b"*-1\r\n", None),
    (b"*0\r\n", []),
    (b":-42\r\n", -42),
    (b"+PONG\r\n", b"PONG"),
    (b"*3\r\n$3\r\nhit\r\n*1\r\n:7\r\n$-1\r\n", [b"hit", [7], None]),
    (b">2\r\n$6\r\npushed\r\n*1\r\n:1\r\n:5\r\n", 5),
]


class Source:
    """Hands out what Redis sent, in pieces of one size, and then the end of the connection."""

    def __init__(self, data: bytes, size: int) -> None:
        self._pieces: Iterator[bytes] = iter([data[at : at + size] for at in range(0, len(data), size)])

    def recv(self, _: int, /) -> bytes:
        return next(self._pieces, b"")


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.settimeout(0.05)
    with ours, theirs:
        yield ours, theirs


def source_of(data: bytes, size: int = 1 << 20) -> Replies:
    return Replies(Source(data, size))


def test_commands_are_packed_as_redis_py_packs_them() -> None:
    theirs = redis.Connection().pack_commands(COMMANDS)  # type: ignore[no-untyped-call]
    assert packed(COMMANDS) == b"".join(theirs)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1 << 20])
def test_replies_are_read_however_they_are_cut(size: int) -> None:
    source = source_of(b"".join(data for data, _ in REPLIES), size)
    assert [source.next() for _ in REPLIES] == [reply for _, reply in REPLIES]
    source.require_end()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"NOSCRIPT No matching script.", redis.exceptions.NoScriptError),
        (b"OOM command not allowed", redis.exceptions.OutOfMemoryError),
        (b"READONLY You can't write", redis.exceptions.ReadOnlyError),
        (b"NOPERM this user has no permissions", redis.exceptions.NoPermissionError),
        (b"WRONGTYPE Operation against a key", redis.ResponseError),
    ],
)
def test_a_refusal_is_the_error_that_redis_py_makes_of_it(text: bytes, kind: type[Exception]) -> None:
    assert type(source_of(b"-" + text + b"\r\n").next()) is kind


def test_while_redis_loads_its_data_it_is_away() -> None:
    with pytest.raises(redis.BusyLoadingError):
        source_of(b"-LOADING Redis is loading the dataset in memory\r\n").next()


@pytest.mark.parametrize("data", [b"", b"$5\r\nab", b"*2\r\n:1\r\n", b":1", b"%1\r\n:1\r\n:1\r\n", b"\r\n"])
def test_what_is_no_reply_ends_the_connection(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        source_of(data).next()


def refuse(theirs: socket.socket) -> None:
    theirs.close()


def say_too_much(theirs: socket.socket) -> None:
    theirs.sendall(b"+PONG\r\n+PONG\r\n")


def say_nothing(_: socket.socket) -> None:
    pass


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (refuse, redis.ConnectionError),
        (say_too_much, ProtocolError),
        (say_nothing, redis.TimeoutError),
        (lambda theirs: theirs.sendall(b":one\r\n"), ProtocolError),
    ],
)
def test_what_breaks_is_told_in_words_of_redis_py(
    behave: Callable[[socket.socket], None], error: type[Exception], pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    behave(theirs)
    with pytest.raises(error):
        replies(ours, 1)
