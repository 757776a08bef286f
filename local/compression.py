"""Compresses large answers, as API Gateway does from `MinimumCompressionSize` on (gzip and deflate)."""

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from local.answer import Answer
from local.model import Api
from local.request import Request

_CODINGS: Mapping[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}


def compressed(answer: Answer, request: Request, api: Api) -> Answer:
    """Return the answer in the first coding that the client names, or as it is; `*` names none."""
    coding = _named(request.header("accept-encoding") or "")
    if coding is None or not _is_large(answer, api) or _is_coded(answer):
        return answer
    headers = [*answer.headers, ("Content-Encoding", coding)]
    return replace(answer, headers=headers, body=_CODINGS[coding](answer.body))


def _named(header: str) -> str | None:
    for member in header.lower().split(","):
        coding, _, weight = (part.strip() for part in member.partition(";"))
        if coding in _CODINGS and weight.replace(" ", "").rstrip("0.") != "q=":
            return coding
    return None


def _is_large(answer: Answer, api: Api) -> bool:
    return api.compression_bytes is not None and len(answer.body) >= api.compression_bytes


def _is_coded(answer: Answer) -> bool:
    return any(name.lower() == "content-encoding" for name, _ in answer.headers)
