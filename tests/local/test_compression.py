"""What is large is compressed for clients that name a coding, as API Gateway does it."""

import gzip
import zlib
from pathlib import Path

import httpx
import pytest

from local.answer import Answer
from local.compression import compressed
from local.errors import TemplateError
from local.model import Api
from local.request import Request
from tests.local.tiny import ECHO, Tiny, served

LARGE = Answer(200, [("Content-Type", "text/plain")], b"x" * 100)


def answered(accepted: str | None, answer: Answer = LARGE, at_least: int | None = 100) -> Answer:
    headers = [] if accepted is None else [("accept-encoding", accepted)]
    return compressed(answer, Request("GET", "/", headers=headers), Api("dev", (), compression_bytes=at_least))


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip, deflate", "GZIP;q=0.5", "deflate;q=0, gzip;q=1.0"])
def test_who_names_gzip_gets_gzip(accepted: str) -> None:
    answer = answered(accepted)
    assert ("Content-Encoding", "gzip") in answer.headers
    assert gzip.decompress(answer.body) == LARGE.body


def test_who_names_deflate_gets_deflate() -> None:
    answer = answered("deflate")
    assert ("Content-Encoding", "deflate") in answer.headers
    assert zlib.decompress(answer.body) == LARGE.body


@pytest.mark.parametrize("accepted", [None, "", "*", "br", "identity", "gzip;q=0", "gzip; q = 0.000", "xgzip"])
def test_who_names_neither_gets_it_as_it_is(accepted: str | None) -> None:
    assert answered(accepted) == LARGE


@pytest.mark.parametrize("at_least", [None, 101])
def test_what_is_small_stays_as_it_is(at_least: int | None) -> None:
    assert answered("gzip", at_least=at_least) == LARGE


def test_what_is_coded_already_is_not_coded_again() -> None:
    coded = Answer(200, [("content-encoding", "br")], b"x" * 100)
    assert answered("gzip", coded) == coded


@pytest.mark.integration
def test_the_template_says_from_which_size_on(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path).function("Echo", ECHO, "GET /echo")
    tiny.api["MinimumCompressionSize"] = 0
    with served(tiny) as (url, _):
        answer = httpx.get(f"{url}/echo")
    assert (answer.headers["content-encoding"], answer.json()["path"]) == ("gzip", "/echo")


@pytest.mark.parametrize("size", [-1, 10 * 1024 * 1024 + 1])
def test_a_size_that_api_gateway_would_refuse_is_refused(size: int, tmp_path: Path) -> None:
    tiny = Tiny(tmp_path).function("Echo", ECHO, "GET /echo")
    tiny.api["MinimumCompressionSize"] = size
    with pytest.raises(TemplateError, match="MinimumCompressionSize"):
        tiny.project()
