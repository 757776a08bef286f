"""What is read from an event, however odd it is."""

from typing import Any

import pytest
from roster.api import event as events

from tests.builders import a_caller, an_event

ODD: tuple[Any, ...] = (None, {}, [], "", "text", 0, 5, 1.5, True, False, ["a", 1, None], {"accept": 5},
    {"accept": None}, {"accept": {}}, {"accept": ["a", None, 5]}, {"": ""})  # fmt: skip
FIELDS = ("headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters", "pathParameters",
    "requestContext", "httpMethod", "resource", "path", "body")  # fmt: skip


@pytest.mark.parametrize("name", ["If-Match", "if-match", "IF-MATCH", "iF-mAtCh"])
@pytest.mark.parametrize("field", ["headers", "multiValueHeaders"])
def test_a_header_is_found_in_any_case(name: str, field: str) -> None:
    value: object = '"1-1"' if field == "headers" else ['"1-1"']
    assert events.header({field: {name: value}}, "if-match") == '"1-1"'


def test_a_repeated_header_is_one_list() -> None:
    event = an_event(headers={"If-None-Match": ['"a"', '"b"'], "if-none-match": '"c"'})
    assert events.header(event, "if-none-match") == '"a", "b", "c"'


def test_a_header_that_was_not_sent_is_none() -> None:
    assert events.header(an_event(headers={"If-Matches": "x"}), "if-match") is None


@pytest.mark.parametrize("value", [None, []])
def test_a_header_without_a_value_was_not_sent(value: object) -> None:
    assert events.header({"headers": {"accept": None}}, "accept") is None
    assert events.header({"multiValueHeaders": {"accept": value}}, "accept") is None


def test_an_empty_header_was_sent() -> None:
    assert events.header(an_event(headers={"accept": ""}), "accept") == ""


def test_the_lists_of_headers_win_over_the_last_values() -> None:
    event = {"headers": {"accept": "c"}, "multiValueHeaders": {"accept": ["b", "c"]}}
    assert events.header(event, "accept") == "b, c"


@pytest.mark.parametrize("value", ["b", ["b"], ["a", "b"]])
def test_every_value_of_a_parameter_is_seen(value: str | list[str]) -> None:
    expected = [value] if isinstance(value, str) else value
    assert events.query(an_event(query={"x": value})) == {"x": expected}


@pytest.mark.parametrize("value", [None, "", []])
def test_a_parameter_without_a_value_is_empty_and_was_given(value: object) -> None:
    assert events.query({"multiValueQueryStringParameters": {"x": value}}) == {"x": [""]}


def test_a_query_in_single_values_only_is_read() -> None:
    assert events.query({"queryStringParameters": {"x": "1", "y": "2"}}) == {"x": ["1"], "y": ["2"]}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", ODD)
def test_no_odd_field_raises(field: str, value: Any) -> None:
    event = an_event(caller=a_caller(), headers={"accept": "x"}, query={"q": "1"}) | {field: value}
    texts = [events.method(event), events.resource(event), events.path(event), events.request_id(event)]
    texts += [events.path_parameter(event, "user_id"), events.header(event, "accept") or ""]
    assert all(isinstance(text, str) for text in texts)
    assert all(isinstance(each, str) for values in events.query(event).values() for each in values)
    assert isinstance(events.authorizer(event), dict)


@pytest.mark.parametrize("field", ["authorizer", "path", "requestId", "identity"])
@pytest.mark.parametrize("value", ODD)
def test_no_odd_field_of_the_context_raises(field: str, value: Any) -> None:
    event = an_event() | {"requestContext": {field: value}}
    assert isinstance(events.authorizer(event), dict)
    assert isinstance(events.path(event) + events.request_id(event), str)


def test_the_path_is_the_one_with_the_stage() -> None:
    assert events.path(an_event(path="/api/users")) == "/dev/api/users"
    assert events.path({"path": "/api/users"}) == "/api/users"
