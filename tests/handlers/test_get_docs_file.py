"""GET /api/docs/{file}: a fixed table of names, each with its type and lifetime."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.builders import an_event
from tests.envelope import assert_answer, assert_envelope
from tests.functions import FOLDER
from tests.handlers.world import World

RESULT_BYTES = 6 * 1024 * 1024
PAGE = (FOLDER / "get_docs" / "page.html").read_text("utf-8")
FILES = re.findall(r'"docs/([\w.-]+)"', PAGE)
VERSIONED = [file for file in FILES if file.startswith("swagger-ui")]
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def ask(world: World, file: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    event = an_event(method, "/api/docs/x", headers=named) | {"pathParameters": {"file": file}}
    return world.call("get_docs_file", event)


@pytest.mark.parametrize("file", FILES)
def test_a_file_goes_out_as_it_is_in_its_own_type(file: str, world: World) -> None:
    response = ask(world, file)
    own = FOLDER / "get_docs_file" / re.sub(r"-\d[\d.]*\d", "", file)
    assert assert_answer(response, 200) == own.read_text("utf-8")
    assert response["headers"]["Content-Type"] == f"{TYPES[own.suffix]}; charset=utf-8"
    assert response["headers"]["Cross-Origin-Resource-Policy"] == "same-origin"
    assert len(str(response).encode()) < RESULT_BYTES


@pytest.mark.parametrize("file", FILES)
def test_what_has_a_version_in_its_name_may_be_kept_for_a_year(file: str, world: World) -> None:
    seconds = 31_536_000 if file in VERSIONED else 300
    assert ask(world, file)["headers"]["Cache-Control"] == f"public, max-age={seconds}"


def test_there_are_files_of_both_kinds() -> None:
    assert len(VERSIONED) == 2
    assert len(FILES) == 4


@pytest.mark.parametrize("file", FILES)
def test_who_has_it_already_gets_304(file: str, world: World) -> None:
    tag = ask(world, file)["headers"]["ETag"]
    known = ask(world, file, If_None_Match=f'"other", W/{tag}')
    assert (known["statusCode"], known["body"], known["headers"]["ETag"]) == (304, "", tag)


@pytest.mark.parametrize("file", FILES)
def test_head_has_the_headers_and_no_body(file: str, world: World) -> None:
    response = ask(world, file, "HEAD")
    assert (response["statusCode"], response["body"]) == (200, "")
    assert response["headers"] == ask(world, file)["headers"]


@pytest.mark.parametrize(
    "file",
    ["", "app.py", "page.html", "LICENSE", "swagger-ui.css", "INIT.JS", "init.js/", "init.js\0", "..",
     "../get_docs/page.html", "..\\app.py", "/etc/passwd", "%2e%2e/app.py", "swagger-ui-5.35.css", "x" * 10_000],
)  # fmt: skip
def test_any_other_name_is_404_in_the_envelope(file: str, world: World) -> None:
    response = ask(world, file)
    assert_envelope(response, 404, "file_not_found")
    assert not file or file not in response["body"]


@pytest.mark.parametrize(
    "accept", ["*/*", "text/css,*/*;q=0.1", "image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8"]
)
def test_a_browser_is_served_whatever_it_asks_for_it_as(accept: str, world: World) -> None:
    assert_answer(ask(world, "init.js", Accept=accept), 200)


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_who_takes_none_of_the_types_is_refused(accept: str, world: World) -> None:
    assert_envelope(ask(world, "init.js", Accept=accept), 406, "not_acceptable")


def test_the_script_keeps_no_token_and_loads_nothing_from_elsewhere() -> None:
    script = Path(FOLDER / "get_docs_file" / "init.js").read_text("utf-8")
    assert not re.search(r"Storage|cookie|https?:|innerHTML|eval|persistAuthorization: true", script)
    assert "persistAuthorization: false" in script
    assert "validatorUrl: null" in script
