"""GET /api/docs: the page of the API's document, and what it may do in a browser."""

import re
from typing import Any

import pytest

from tests.builders import an_event
from tests.envelope import PROBLEM_JSON, assert_answer, assert_any_envelope, assert_envelope
from tests.handlers.world import World

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
ALLOWED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def ask(world: World, method: str = "GET", *, end: str = "", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    event = an_event(method, "/api/docs", headers=named)
    event["requestContext"]["path"] += end
    return world.call("get_docs", event)


def links(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="([^"]*)"', page)


@pytest.mark.parametrize("accept", [BROWSER, "text/html", "text/*", "*/*"])
def test_a_browser_gets_a_page(accept: str, world: World) -> None:
    response = ask(world, Accept=accept)
    assert assert_answer(response, 200).startswith("<!doctype html>")
    assert response["headers"]["Content-Type"] == "text/html; charset=utf-8"


def test_every_file_that_the_page_loads_is_there(world: World) -> None:
    files = [link.removeprefix("docs/") for link in links(assert_answer(ask(world), 200)) if ".." not in link]
    assert len(files) == 4
    for file in files:
        assert assert_answer(world.call("get_docs_file", an_event(path=f"/api/docs/{file}")), 200)


@pytest.mark.parametrize(("end", "below"), [("", "docs/"), ("/", "")])
def test_links_are_relative_to_how_the_page_was_asked_for(end: str, below: str, world: World) -> None:
    found = links(assert_answer(ask(world, end=end), 200))
    assert f"{below}init.js" in found
    assert f"{below}../openapi.json" in found
    assert not [link for link in found if ":" in link or link.startswith("/") or not link.startswith(below)]


def test_nothing_is_allowed_but_what_comes_from_here(world: World) -> None:
    policy = ask(world)["headers"]["Content-Security-Policy"]
    assert dict(part.split(" ", 1) for part in policy.split("; ")) == ALLOWED


def test_nothing_on_the_page_would_need_more(world: World) -> None:
    page = assert_answer(ask(world), 200)
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script[^>]*>[^<]|<base|<form|javascript:", page)


def test_no_other_page_learns_of_it_or_frames_it(world: World) -> None:
    headers = ask(world)["headers"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_it_may_be_kept_for_five_minutes_in_each_coding(world: World) -> None:
    headers = ask(world)["headers"]
    assert headers["Cache-Control"] == "public, max-age=300"
    assert "Accept-Encoding" in headers["Vary"]


def test_who_has_it_already_gets_304(world: World) -> None:
    tag = ask(world)["headers"]["ETag"]
    known = ask(world, If_None_Match=tag)
    assert (known["statusCode"], known["body"], known["headers"]["ETag"]) == (304, "", tag)
    assert ask(world, If_None_Match=tag, end="/")["statusCode"] == 200


def test_head_has_the_headers_and_no_body(world: World) -> None:
    response = ask(world, "HEAD")
    assert (response["statusCode"], response["body"]) == (200, "")
    assert response["headers"] == ask(world)["headers"]


@pytest.mark.parametrize("accept", ["application/json", "image/*", "text/html;q=0"])
def test_who_takes_no_page_is_refused_in_json(accept: str, world: World) -> None:
    assert_envelope(ask(world, Accept=accept), 406, "not_acceptable")


def test_who_takes_problems_gets_its_errors_as_such(world: World) -> None:
    event = an_event(path="/api/docs", headers={"Accept": f"text/html, {PROBLEM_JSON}"}, query={"url": "//evil.test"})
    response = world.call("get_docs", event)
    assert_any_envelope(response)
    assert (response["statusCode"], response["headers"]["Content-Type"]) == (422, PROBLEM_JSON)


def test_neither_database_nor_cache_is_asked(world: World) -> None:
    world.fail(AssertionError("asked the database"))
    assert_answer(ask(world), 200)
