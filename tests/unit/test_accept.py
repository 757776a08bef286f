"""Accept: what a client wants, what it does not take, and what cannot be read."""

import pytest
from roster.api.accept import JSON, JSON_TYPES, PROBLEM_JSON, preferred


@pytest.mark.parametrize(
    "header",
    [
        None, "", " ", ",", " , \t,", "*/*", "application/*", "application/json", "APPLICATION/JSON",
        "application/json ", "application/json;charset=utf-8", "application/json; charset=latin-1",
        "application/json;q=0.001", "application/json ; Q=0.5", "text/html, */*;q=0.1",
        "text/html,application/json;q=0.5", "application/json, application/problem+json",
        "application/problem+json, application/json",
        "application/problem+json;q=0.5, application/json;q=0.6", "application/*, application/problem+json;q=0.9",
        "*/*;q=0.1, application/problem+json;q=0", "application/json;q=1.000", 'text/x;a=",", application/json',
        'text/x;a="\\", application/xml", application/json', "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        "*", "application/json;q=0, application/json", "nonsense, application/json", "application/json;q=1.",
        "text/html;q=abc, application/json", "application/json;ext=1;q=0.5",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    ],
)  # fmt: skip
def test_a_client_gets_json_unless_it_wants_something_else_more(header: str | None) -> None:
    assert preferred(header, JSON_TYPES) == JSON


@pytest.mark.parametrize(
    "header",
    [
        "application/problem+json", "Application/Problem+JSON", "application/problem+json;q=0.1",
        "text/html, application/problem+json;q=0.9", "application/problem+json, application/json;q=0.9",
        "application/problem+json, */*", "application/problem+json, application/*;q=1", "application/json;q=0, */*",
        "application/problem+json, application/json;q=0", "application/problem+json;charset=utf-8",
    ],
)  # fmt: skip
def test_a_client_gets_problem_json_where_it_wants_that_more_or_names_nothing_else(header: str) -> None:
    assert preferred(header, JSON_TYPES) == PROBLEM_JSON


@pytest.mark.parametrize(
    "header",
    [
        "text/html", "application/xml", "image/*", "*/*;q=0", "application/json;q=0", "application/*;q=0.000, text/*",
        "*/*, application/*;q=0", "application/json;q=0, application/problem+json;q=0, */*", "application/json-seq",
        "application/jsonp", "xapplication/json", "application/vnd.api+json", "application", "json", "*/json",
        "application/json/x", "nonsense", "/", "application/", ";q=1", "application/json;q=abc", "application/json;q=2",
        "application/json;q=-1", "application/json;q=", "application/json;q=1.1", "application/json;q=٠",
        'text/x;a="application/json', 'text/x;a=", application/json"', "application json", "\0", "\ud800", '"', '"\\',
        "application/json;q=1e0", "application/json;q=nan", "application/json:q=1",
    ],
)  # fmt: skip
def test_a_client_that_takes_neither_gets_nothing(header: str) -> None:
    assert preferred(header, JSON_TYPES) is None


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("text/html;q=0.5, application/json;q=0.4", "text/html"), ("*/*", "application/json"),
        ("text/html, */*", "text/html"), ("text/*", "text/html"), ("text/*;q=0.5, */*;q=0.8", "application/json"),
        ("text/css", None), ("text/html;level=1", "text/html"), ("text/*, text/html;q=0", None),
    ],
)  # fmt: skip
def test_other_media_types_are_chosen_between_by_the_same_rules(header: str, wanted: str | None) -> None:
    assert preferred(header, ("application/json", "text/html")) == wanted


@pytest.mark.parametrize(
    "piece", ["a/b,", '"', '\\"', '"\\', "a/b;q=0.", "*/*", ";", ";q=1", "0", "\\", ',"', "a/", 'x;a="b";']
)
def test_a_long_header_is_read_at_once(piece: str) -> None:
    """Without a clock: half a million characters would take hours if each could be read in two ways."""
    preferred("a/b;c=" + piece * (500_000 // len(piece)), JSON_TYPES)
