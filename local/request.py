"""One HTTP request as the gateway has received it."""

import base64
import secrets
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

# API Gateway keeps these to itself.
_NOT_PASSED_ON = frozenset(
    [
        "connection",
        "content-length",
        "content-md5",
        "expect",
        "keep-alive",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "www-authenticate",
    ]
)


def _extended_id() -> str:
    return base64.b64encode(secrets.token_bytes(11)).decode()


def _trace_id() -> str:
    return f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"


@dataclass(frozen=True)
class Request:
    """Header names are in lower case; the path is as sent, still percent-encoded."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    port: int = 3000
    protocol: str = "HTTP/1.1"
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    extended_id: str = field(default_factory=_extended_id)
    trace_id: str = field(default_factory=_trace_id)
    time: float = field(default_factory=time.time)

    def header(self, name: str) -> str | None:
        """Return the last value of a header, as the event's single-value map has it."""
        for key, value in reversed(self.headers):
            if key == name:
                return value
        return None

    @property
    def clock(self) -> str:
        """The time in the Common Log Format."""
        return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(self.time))


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Return the headers that API Gateway passes on."""
    decoded = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)
    return [(name, value) for name, value in decoded if name not in _NOT_PASSED_ON]


def read_query(raw: bytes) -> list[tuple[str, str]]:
    """Return the decoded parameters; a semicolon separates too, as API Gateway's notes warn."""
    text = raw.decode("latin-1").replace(";", "&")
    return parse_qsl(text, keep_blank_values=True, errors="replace")
