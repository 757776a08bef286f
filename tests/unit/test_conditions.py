"""Conditional requests: entity tags, lists of them, and lists that are none (RFC 9110 section 13)."""

import time

import pytest
from roster.api import conditions
from roster.api.conditions import MalformedConditionError
from roster.api.request import IfMatch

TAG = conditions.etag(7, 3)
MALFORMED = [
    "", " ", ",", "7-3",
    "'7-3'", '"7-3', '7-3"', '"7-3""7-4"', '"7-3" "7-4"', '"7-3";', 'w/"7-3"', 'W/ "7-3"', 'W"7-3"',
    '*,"7-3"', '"7-3",*', "**", '"a b"', '"a\tb"', '"\u20ac"', '"a\0"', '"7-3"\n"7-4"', 'W/W/"7-3"', "null",
]  # fmt: skip


def test_a_tag_is_strong_and_names_user_and_version() -> None:
    assert TAG == '"7-3"'


@pytest.mark.parametrize("other", [conditions.etag(7, 4), conditions.etag(8, 3), conditions.etag(73, 3)])
def test_tags_of_other_users_and_versions_differ(other: str) -> None:
    assert other != TAG


@pytest.mark.parametrize("header", [None, '"7-2"', '"8-3"', 'W/"7-2"', '"7-33"', '""', '"7-2", "7-4"', '"*"', '"7"'])
def test_an_answer_that_the_client_does_not_have_is_sent(header: str | None) -> None:
    assert conditions.matches_none(header, TAG)


@pytest.mark.parametrize(
    "header",
    [
        "*",
        " * ",
        '"7-3"',
        'W/"7-3"',
        '"7-2", "7-3"',
        '"7-2","7-3"',
        '"x" , W/"7-3" , "y"',
        ', "7-3",',
        ',,"7-3" , ,"x",,',
    ],
)
def test_an_answer_that_the_client_has_is_not_sent(header: str) -> None:
    assert not conditions.matches_none(header, TAG)


@pytest.mark.parametrize("header", [None, "*", '"7-3"', '"x", "7-3"', ' "7-3" ,'])
def test_a_read_of_what_is_there_is_answered(header: str | None) -> None:
    assert conditions.matches(header, TAG)


@pytest.mark.parametrize("header", ['"7-2"', 'W/"7-3"', '"x"', '"8-3"'])
def test_a_read_of_what_is_no_longer_there_is_not(header: str) -> None:
    assert not conditions.matches(header, TAG)


@pytest.mark.parametrize("header", ["*", '"7-3"', 'W/"7-3"', '"x"'])
def test_a_write_that_wants_nothing_to_be_there_meets_no_version(header: str) -> None:
    assert IfMatch(None, header).versions(7) == frozenset()
    assert IfMatch('"7-3"', header).versions(7) == frozenset()


@pytest.mark.parametrize("header", [None, "*", " *"])
def test_without_tags_any_version_may_be_changed(header: str | None) -> None:
    assert conditions.versions(header, 7) is None


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ('"7-3"', {3}),
        ('"7-3", "7-5" ,"7-3"', {3, 5}),
        ('"8-3"', set()),
        ('"8-3", "7-4"', {4}),
        ('W/"7-3"', set()),
        ('W/"7-3", "7-4"', {4}),
        ('"7-0"', set()),
        ('"7-03"', set()),
        ('"7--3"', set()),
        ('"7-3.0"', set()),
        ('"7-' + "9" * 18 + '"', {10**18 - 1}),
        ('"7-' + "9" * 5000 + '"', set()),
        ('""', set()),
        ('"*"', set()),
    ],
)
def test_only_the_named_versions_may_be_changed(header: str, versions: set[int]) -> None:
    assert conditions.versions(header, 7) == frozenset(versions)


@pytest.mark.parametrize("header", MALFORMED)
def test_a_malformed_list_is_refused(header: str) -> None:
    with pytest.raises(MalformedConditionError):
        conditions.versions(header, 7)
    with pytest.raises(MalformedConditionError):
        conditions.matches_none(header, TAG)


@pytest.mark.parametrize("piece", [", ", ' , "x"', '"x",', ",", " ", '"', 'W/"x" ', "W/", "*", "*,", '",",'])
def test_no_header_takes_long_to_refuse(piece: str) -> None:
    started = time.thread_time()
    with pytest.raises(MalformedConditionError):
        conditions.versions('"a"' + piece * 3000 + "!", 7)
    assert time.thread_time() - started < 0.1
