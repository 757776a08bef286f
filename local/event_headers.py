"""The headers of an event: the client's, and those that API Gateway writes, in its order and spelling."""

from collections.abc import Iterable

from local.request import Request

_SPELLING = {
    "authorization": "Authorization",
    "host": "Host",
    "user-agent": "User-Agent",
    "x-amzn-trace-id": "X-Amzn-Trace-Id",
    "x-forwarded-for": "X-Forwarded-For",
    "x-forwarded-port": "X-Forwarded-Port",
    "x-forwarded-proto": "X-Forwarded-Proto",
}


def passed_headers(request: Request) -> Iterable[tuple[str, str]]:
    """Yield names and values, sorted by name without regard to case."""
    forwarded = [value for name, value in request.headers if name == "x-forwarded-for"]
    written = {
        "x-amzn-trace-id": request.header("x-amzn-trace-id") or request.trace_id,
        "x-forwarded-for": ", ".join([*forwarded, request.source_ip]),
        "x-forwarded-port": str(request.port),
        "x-forwarded-proto": "http",
    }
    own = [(name, value) for name, value in request.headers if name not in written]
    return ((_SPELLING.get(name, name), value) for name, value in sorted([*own, *written.items()], key=_name))


def _name(header: tuple[str, str]) -> str:
    return header[0]
