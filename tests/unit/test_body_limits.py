"""The JSON entry point: how large, how deep, and which values nobody could keep."""

import time
from typing import Any

import pytest
from roster.api import body
from roster.api.body import MalformedJsonError
from roster.api.problems import BodyTooLargeError
from roster.errors import InvalidInputError

from tests.builders import an_event


def read(sent: object) -> Any:
    return body.read(an_event("POST", body=sent))


def nested(depth: int, opening: str = "[", closing: str = "]") -> str:
    return opening * depth + "1" + closing * depth


def fields_refused(text: str) -> list[str]:
    with pytest.raises(InvalidInputError) as refusal:
        read(text)
    return [problem.field for problem in refusal.value.problems]


@pytest.mark.parametrize("encoded", [False, True])
def test_256_kibibytes_are_read_and_one_byte_more_is_not(encoded: bool) -> None:
    largest = '"' + "x" * (256 * 1024 - 2) + '"'
    assert len(read(largest.encode() if encoded else largest)) == 256 * 1024 - 2
    with pytest.raises(BodyTooLargeError):
        read((largest + " ").encode() if encoded else largest + " ")


def test_the_size_is_in_bytes() -> None:
    with pytest.raises(BodyTooLargeError):
        read('"' + "é" * (128 * 1024) + '"')


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), (' [ {"a" : ', " } ] ")])
def test_32_levels_are_read_and_33_are_not(opening: str, closing: str) -> None:
    levels = opening.count("[") + opening.count("{")
    assert read(nested(32 // levels, opening, closing))
    with pytest.raises(MalformedJsonError):
        read(nested(32 // levels + 1, opening, closing))


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_a_hundred_thousand_levels_are_refused(opening: str) -> None:
    with pytest.raises(MalformedJsonError):
        read((opening * 100_000)[: 256 * 1024])


def test_many_values_side_by_side_are_not_deep() -> None:
    assert len(read("[" + ",".join(["[{}]"] * 10_000) + "]")) == 10_000


def test_brackets_inside_of_text_are_not_deep() -> None:
    text = "[{" * 1000 + '\\"' + "[" * 1000
    assert read(f'["{text}", "\\\\", "{text}"]')[1] == "\\"


@pytest.mark.parametrize("opening", ['["\\"', '"\\', '[{"', '""', '"\\\\"[', "[]", '"[', "\\"])
def test_no_text_takes_long_to_refuse(opening: str) -> None:
    started = time.thread_time()
    with pytest.raises(MalformedJsonError):
        read(("[" * 33 + '"' + opening * 100_000)[: 256 * 1024])
    assert time.thread_time() - started < 0.5


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0, 9_999_999_999_999_999])
def test_integers_of_64_bits_are_read_exactly(number: int) -> None:
    assert read(f'{{"a": {number}}}') == {"a": number}


@pytest.mark.parametrize(
    "number",
    ["9223372036854775808", "-9223372036854775809", "36893488147419103232", "1e999", "-1e999", "1" + "0" * 400 + ".5"],
)
def test_larger_numbers_are_refused_by_name(number: str) -> None:
    assert fields_refused(f'{{"a": [0, {number}]}}') == ["body.a.1"]


@pytest.mark.parametrize("digits", [20, 4300, 5000, 200_000])
def test_a_number_of_many_digits_is_refused_at_once(digits: int) -> None:
    started = time.thread_time()
    assert fields_refused("9" * digits) == ["body"]
    assert time.thread_time() - started < 0.1


@pytest.mark.parametrize("text", ["\\u0000", "a\\u0000b", "\\ud800", "\\udfff", "\\ude80\\ud83d", "\\ud800x"])
def test_text_that_nobody_could_keep_is_refused_by_name(text: str) -> None:
    assert fields_refused(f'{{"name": "{text}", "others": ["ok", "{text}"]}}') == ["body.name", "body.others.1"]


def test_a_name_that_nobody_could_keep_is_refused_and_made_printable() -> None:
    assert fields_refused('{"ab\\u0000\\ud800": 1}') == ["body.ab??"]


def test_a_refused_name_is_cut_and_holds_no_line_break() -> None:
    assert fields_refused('{"' + "é\\r\\n" * 50 + '": "\\u0000"}') == ["body." + "?" * 64]


def test_a_refusal_does_not_hold_the_value() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read('{"name": "s3cret\\u0000"}')
    assert "s3cret" not in str(refusal.value.problems) + str(refusal.value)
