"""The HTTP side: reads requests within API Gateway's limits, and writes the answers."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from local.answer import Answer, RefusedError
from local.gateway import Gateway
from local.request import Request, read_headers, read_query

BODY_BYTES = 10 * 1024 * 1024
HEADER_BYTES = 10_240
_DRAINED_BYTES = 64 * 1024 * 1024
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class TooLargeError(Exception):
    """The body is larger than API Gateway takes."""


class Application:
    """An ASGI application; knows HTTP and nothing else. What *aside* answers never reaches the gateway."""

    def __init__(self, gateway: Gateway, aside: Callable[[Request], Answer | None] = lambda _: None) -> None:
        self._gateway = gateway
        self._aside = aside

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await _write(await self._answer(scope, receive), scope["method"], send)

    async def _answer(self, scope: Message, receive: Receive) -> Answer:
        try:
            body = await _read(scope, receive)
        except TooLargeError:
            return self._gateway.refuse(RefusedError("REQUEST_TOO_LARGE"), _request(scope, b""))
        request = _request(scope, body)
        if _header_bytes(scope) > HEADER_BYTES:
            return self._gateway.refuse(RefusedError("DEFAULT_4XX", status=431), request)
        return self._aside(request) or await self._gateway.answer(request)


def _request(scope: Message, body: bytes) -> Request:
    headers = read_headers(scope["headers"])
    return Request(
        method=scope["method"],
        path=_path(scope["raw_path"].decode("latin-1")),
        query=read_query(scope["query_string"]),
        headers=headers,
        body=body,
        source_ip=scope["client"][0],
        port=scope["server"][1],
        protocol=f"HTTP/{scope['http_version']}",
    )


def _path(target: str) -> str:
    # A client of a proxy sends the whole URL.
    return urlsplit(target).path if target.startswith(("http://", "https://")) else target or "/"


def _header_bytes(scope: Message) -> int:
    line = len(scope["method"]) + len(scope["raw_path"]) + len(scope["query_string"])
    return line + sum(len(name) + len(value) for name, value in scope["headers"])


async def _read(scope: Message, receive: Receive) -> bytes:
    stated = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    too_large = int(stated) > BODY_BYTES
    parts: list[bytes] = []
    size, more = 0, True
    while more and size <= _DRAINED_BYTES:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        too_large = too_large or size > BODY_BYTES
        # What is too large is read and dropped: a client that is still sending would not see the answer.
        parts = [] if too_large else [*parts, part]
        more = message.get("more_body", False)
    if too_large:
        raise TooLargeError
    return b"".join(parts)


async def _write(answer: Answer, method: str, send: Send) -> None:
    bare = answer.status in (204, 304)
    headers = [(name.encode("latin-1"), value.encode("utf-8")) for name, value in answer.headers]
    # To HEAD it would have to be the length of what GET answers, which the handlers have not told.
    if not bare and (method != "HEAD" or answer.body):
        headers.append((b"Content-Length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if bare or method == "HEAD" else answer.body})
