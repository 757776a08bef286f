"""One stem everywhere: folder, resource, sample event, docstring and test of a function hold to each other."""

import json

import pytest

from tests.structure import project
from tests.structure.project import ROOT

FUNCTIONS = sorted(project.functions())
WITH_ROUTES = [name for name in FUNCTIONS if project.routes_of(name) and name != project.REFUSING]

SERVED = {
    "get_docs": ["page.html"],
    "get_docs_file": [
        *("LICENSE", "NOTICE", "favicon.svg", "init.js", "swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt"),
        "swagger-ui.css",
    ],
    "get_openapi": ["openapi.json"],
}


def test_each_folder_is_a_function_of_the_template_and_each_function_has_its_folder() -> None:
    assert sorted(path.name for path in (ROOT / "functions").iterdir() if path.name != "__pycache__") == project.stems()


@pytest.mark.parametrize("stem", project.stems())
def test_a_folder_holds_one_app_and_what_that_serves(stem: str) -> None:
    held = {path.name for path in (ROOT / "functions" / stem).iterdir() if path.name != "__pycache__"}
    assert held == {"app.py", *SERVED.get(stem, ())}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_the_code_of_its_own_folder(name: str) -> None:
    assert project.functions()[name]["CodeUri"] == f"functions/{project.stem_of(name)}"


@pytest.mark.parametrize("stem", project.stems())
def test_each_app_defines_a_handler(stem: str) -> None:
    assert "\ndef handler(" in (ROOT / "functions" / stem / "app.py").read_text("utf-8")


@pytest.mark.parametrize("name", WITH_ROUTES)
def test_a_handler_opens_with_its_route_and_so_does_its_resource(name: str) -> None:
    route = project.routes_of(name)[0].label
    docstring = project.docstring_of(ROOT / "functions" / project.stem_of(name) / "app.py")
    assert docstring.startswith(f"{route}: ")
    assert project.functions()[name]["Description"] == route


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_answers_one_route_and_its_head(name: str) -> None:
    if name != project.REFUSING:
        assert len({(route.path, route.method.replace("HEAD", "GET")) for route in project.routes_of(name)}) <= 1


def test_each_function_has_a_sample_event_and_each_event_a_function() -> None:
    assert sorted(path.stem for path in (ROOT / "events").iterdir()) == project.stems()


@pytest.mark.parametrize("name", WITH_ROUTES)
def test_a_sample_event_asks_for_the_functions_own_route(name: str) -> None:
    event = json.loads((ROOT / "events" / f"{project.stem_of(name)}.json").read_text("utf-8"))
    route = project.routes_of(name)[0]
    assert (event["httpMethod"], event["resource"]) == (route.method, route.path)
    assert (event["requestContext"]["httpMethod"], event["requestContext"]["resourcePath"]) == (
        route.method,
        route.path,
    )


@pytest.mark.parametrize("stem", project.stems())
def test_each_handler_has_its_test(stem: str) -> None:
    assert (ROOT / "tests" / "handlers" / f"test_{stem}.py").is_file()
