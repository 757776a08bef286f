"""The JSON entry point: what is read, and what is refused as no JSON (400) or as no JSON type (415)."""

import json
from typing import Any

import pytest
from roster.api import body
from roster.api.body import MalformedJsonError
from roster.api.problems import UnsupportedMediaTypeError

from tests.builders import an_event


def read(sent: object, content_type: str | None = "application/json", **fields: Any) -> Any:
    headers = None if content_type is None else {"Content-Type": content_type}
    return body.read(an_event("POST", body=sent, headers=headers) | fields)


@pytest.mark.parametrize("value", [{}, [], "text", 1, -1, 1.5, True, None, {"a": [{"b": "é𝒳\n"}]}, {"": 0}])
def test_every_json_value_is_read_as_it_is(value: Any) -> None:
    assert read(json.dumps(value)) == value
    assert read(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize("text", ['"\\ud83d\\ude80"', '"🚀"', "\t[1]\r\n", '{"a":1,"A":2}', '"[[[[{{{{\\""'])
def test_unusual_spellings_of_json_are_read(text: str) -> None:
    assert read(text) == json.loads(text)


@pytest.mark.parametrize("sent", [None, "", b"", " ", 0, 5, [], {}, True])
def test_a_body_that_is_missing_is_refused(sent: object) -> None:
    with pytest.raises(MalformedJsonError):
        body.read(an_event("POST") | {"body": sent.decode() if isinstance(sent, bytes) else sent})


def test_an_event_without_a_body_is_refused() -> None:
    with pytest.raises(MalformedJsonError):
        body.read({})


@pytest.mark.parametrize(
    "text",
    [
        "{", "}", "[", '{"a"}', '{"a":}', "{'a': 1}", '{"a": 1,}', "[1,]", "[1 2]", "{} {}", "undefined", "name=ada",
        "<a/>", "01", "+1", ".5", "1.", "0x1", "1_0", "tru", '"', '"\\x"', '"\\ud8"', '"a\nb"', '"\\"', "\ufeff{}",
        "// x\n{}",
        "NaN", "Infinity", "-Infinity", '{"a": NaN}', "[Infinity]", "nan",
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(MalformedJsonError):
        read(text)
    with pytest.raises(MalformedJsonError):
        read(text.encode())


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '[{"b":{"a":1,"a":null}}]', '{"":1,"":2}'])
def test_a_name_that_stands_twice_is_refused(text: str) -> None:
    with pytest.raises(MalformedJsonError):
        read(text)


@pytest.mark.parametrize(
    "octets",
    [
        b"\xff",
        b'"\xc3"',
        b'"\xc0\xaf"',
        b'"\xed\xa0\x80"',
        b'"\xf5\x80\x80\x80"',
        '"é"'.encode("latin-1"),
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_not_utf8_is_refused(octets: bytes) -> None:
    with pytest.raises(MalformedJsonError):
        read(octets)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_json_in_another_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(MalformedJsonError):
        read('{"a": 1}'.encode(encoding))


@pytest.mark.parametrize("text", ["!", "e30", "e30=\n", "e3 0=", "e30=e30=", "=", "e30-", "é", "\ud800"])
def test_what_is_not_base64_is_refused_and_not_read_as_empty(text: str) -> None:
    with pytest.raises(MalformedJsonError):
        read(text, isBase64Encoded=True)


@pytest.mark.parametrize(("text", "flag"), [("{}", True), ("e30=", False), ('{"a": 1}', True), ("WzFd", None)])
def test_a_flag_that_lies_about_base64_is_refused(text: str, flag: bool | None) -> None:
    with pytest.raises(MalformedJsonError):
        read(text, isBase64Encoded=flag)


def test_half_a_surrogate_pair_in_the_event_is_refused() -> None:
    with pytest.raises(MalformedJsonError):
        read('"\ud800"')


@pytest.mark.parametrize(
    "content_type",
    [
        None, "application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"', " application/json ", "application/merge-patch+json",
    ],
)  # fmt: skip
def test_json_types_are_read(content_type: str | None) -> None:
    assert read("{}", content_type) == {}


@pytest.mark.parametrize(
    "content_type",
    [
        "", "text/plain", "text/json", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded",
        "application/json; charset=latin-1", "application/json; charset=utf-16", "application/jsonp",
        "xapplication/json",
        "application/json, text/plain", "application/*", "*/*", "application/problem+json", "json",
    ],
)  # fmt: skip
def test_other_types_are_refused(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaTypeError):
        read("{}", content_type)
