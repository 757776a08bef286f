"""From a result, or an error, to the response."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from roster.api import responses
from roster.api.results import Created, Page
from roster.errors import InvalidInputError, RosterError, UnavailableError

from tests.builders import a_user, an_event


def body_of(response: dict[str, Any]) -> Any:
    return json.loads(response["body"])


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 14, 5, 9, 123_000, UTC), "2026-11-22T14:05:09.123Z"),
        (datetime(2026, 11, 22, 14, 5, 9, 123_999, UTC), "2026-11-22T14:05:09.123Z"),
        (datetime(2026, 11, 22, 14, 5, 9, 0, UTC), "2026-11-22T14:05:09.000Z"),
        (datetime(2026, 11, 22, 1, 0, 0, 0, timezone(timedelta(hours=2))), "2026-11-21T23:00:00.000Z"),
    ],
)
def test_times_are_in_utc_with_milliseconds(moment: datetime, text: str) -> None:
    assert body_of(responses.of_result(a_user(created_at=moment), an_event()))["created_at"] == text


def test_a_user_is_told_with_a_tag_instead_of_a_version() -> None:
    response = responses.of_result(a_user(id=7, version=3), an_event())
    assert (response["statusCode"], response["headers"]["ETag"]) == (200, '"7-3"')
    assert "version" not in body_of(response)


def test_letters_are_sent_as_they_are_in_utf8() -> None:
    response = responses.of_result(a_user(name="Żółć 🦉"), an_event())
    assert '"name":"Żółć 🦉"' in response["body"]
    assert response["headers"]["Content-Type"] == "application/json; charset=utf-8"


def test_nothing_is_204_without_body_and_type() -> None:
    response = responses.of_result(None, an_event())
    assert (response["statusCode"], response["body"]) == (204, "")
    assert "Content-Type" not in response["headers"]


@pytest.mark.parametrize("path", ["/api/users", "/api/users/"])
def test_what_was_made_is_found_below_the_path_of_the_request(path: str) -> None:
    response = responses.of_result(Created(a_user(id=7), "7"), an_event("POST", path))
    assert (response["statusCode"], response["headers"]["Location"]) == (201, "/dev/api/users/7")
    assert response["headers"]["ETag"] == '"7-1"'


@pytest.mark.parametrize("path", ["/a\r\nSet-Cookie: b=c", "/a>; rel=x, <b", "/é\u2028", "/\ud800", "/%0d%0a"])
def test_no_path_breaks_a_header(path: str) -> None:
    event = {"path": path}
    for response in (responses.of_result(Created(a_user(), "1"), event), responses.of_result(Page([], "c"), event)):
        header = response["headers"].get("Location") or response["headers"]["Link"].split(";")[0][1:-1]
        assert header.isascii()
        assert header.isprintable()
        assert not set(header) & set(" <>")


def test_a_page_links_to_the_next_with_the_same_query() -> None:
    event = an_event(path="/api/users", query={"limit": "2", "cursor": "old"})
    response = responses.of_result(Page([a_user()], "a+/="), event)
    following, first = response["headers"]["Link"].split(", ")
    assert following == '</dev/api/users?limit=2&cursor=a%2B%2F%3D>; rel="next"'
    assert first == '</dev/api/users?limit=2>; rel="first"'
    assert body_of(response)["next_cursor"] == "a+/="


def test_the_last_page_links_to_the_first_alone() -> None:
    response = responses.of_result(Page([], None), an_event(path="/api/users", query={"cursor": "old"}))
    assert response["headers"]["Link"] == '</dev/api/users>; rel="first"'
    whole = responses.of_result(Page([], None), an_event(path="/api/users"))
    assert "Link" not in whole["headers"]
    assert body_of(response) == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("status", ["200", "304", "404"])
def test_head_answers_as_get_but_for_the_body(status: str) -> None:
    def answered(method: str) -> dict[str, Any]:
        event = an_event(method, headers={"If-None-Match": '"1-1"'} if status == "304" else {})
        return responses.of_error(RosterError(), event) if status == "404" else responses.of_result(a_user(), event)

    assert answered("HEAD") == answered("GET") | {"body": ""}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST", "DELETE"])
def test_only_a_read_is_answered_with_304(method: str) -> None:
    assert responses.of_result(a_user(), an_event(method, headers={"If-None-Match": "*"}))["statusCode"] == 200


def test_answers_about_one_user_are_validated_and_all_others_not_stored() -> None:
    assert responses.of_result(a_user(), an_event())["headers"]["Cache-Control"] == "private, no-cache"
    for response in (responses.of_result(None, an_event()), responses.of_error(RosterError(), an_event())):
        assert response["headers"]["Cache-Control"] == "no-store"


def test_one_web_origin_may_read_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGIN", "https://app.example")
    for response in (responses.of_result(None, an_event()), responses.of_error(RosterError(), an_event())):
        assert response["headers"]["Access-Control-Allow-Origin"] == "https://app.example"
        assert "ETag" in response["headers"]["Access-Control-Expose-Headers"]


def test_without_a_web_origin_none_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORS_ORIGIN")
    assert not [name for name in responses.of_result(None, an_event())["headers"] if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "accept", ["application/problem+json", "Application/Problem+JSON", "text/html, application/problem+json;q=0.9"]
)
def test_a_client_that_prefers_rfc_9457_gets_the_same_facts(accept: str) -> None:
    response = responses.of_error(UnavailableError(), an_event(headers={"accept": accept}))
    problem = body_of(response)
    assert response["headers"]["Content-Type"] == "application/problem+json"
    assert response["headers"]["Retry-After"] == "1"
    assert problem.keys() == {"type", "title", "status", "detail", "instance", "code", "errors"}
    assert (problem["status"], problem["code"], problem["errors"]) == (503, "unavailable", [])


def test_an_answer_is_never_in_base64() -> None:
    assert responses.of_result(a_user(), an_event())["isBase64Encoded"] is False
    assert responses.of_error(InvalidInputError(), an_event())["isBase64Encoded"] is False
