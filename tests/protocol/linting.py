"""What httplint, the linter behind REDbot, says of an exchange."""

import time
from typing import Any

import httpx
from httplint import HttpRequestLinter, HttpResponseLinter, levels

ACCEPTED = {
    "STATUS_BAD_REQUEST": "it tells what 400 means, and has nothing against the answer",
    "HEADER_SHOULD_NOT_BE_IN_304": "API Gateway writes a Content-Type where there is none, and caches take that "
    "over: so a 304 has that of the 200",
    "STORE_PUBLIC_UNNECESSARY": "clients send their token with every request; without `public` that alone would keep "
    "public documents out of shared caches",
}


def complaints(answer: httpx.Response, content: bytes | None = None) -> list[str]:
    """
    Return what the linter holds against a request and its answer, but for what is accepted on purpose.

    *content* is what came over the wire, where httpx has decoded it.
    """
    notes = _notes(answer, answer.content if content is None else content)
    found = [(note.__class__.__name__, str(note)) for note in notes]
    return [f"{name}: {text}" for name, text in found if name not in ACCEPTED]


def _notes(answer: httpx.Response, content: bytes) -> list[Any]:
    request = _request(answer.request)
    response = HttpResponseLinter(start_time=time.time())
    response.request = request
    response.is_head_response = answer.request.method == "HEAD"
    response.process_response_topline(b"1.1", str(answer.status_code).encode(), answer.reason_phrase.encode())
    response.process_headers(list(answer.headers.raw))
    response.feed_content(content)
    response.finish_content(complete=True)
    found = [note for each in (*request.notes, *response.notes) for note in (each, *each.subnotes)]
    return [note for note in found if note.level in (levels.BAD, levels.WARN)]


def _request(request: httpx.Request) -> HttpRequestLinter:
    linter = HttpRequestLinter(start_time=time.time())
    linter.process_request_topline(request.method.encode(), request.url.raw_path, b"1.1")
    linter.process_headers(list(request.headers.raw))
    linter.feed_content(request.content)
    linter.finish_content(complete=True)
    return linter
