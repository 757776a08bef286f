"""The OpenAPI document: it is what the generator makes, and holds together."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import jsonschema_rs
import pytest
from roster.api import policy, routes

from tests.structure import project, test_errors
from tools.openapi import document
from tools.openapi.errors import ROWS

DOCUMENT: dict[str, Any] = json.loads(document.PATH.read_text("utf-8"))
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
OF_NO_OPERATION = {
    "route_not_found": "no operation has such a path",
    "method_not_allowed": "no operation has such a method",
    "migration_failed": "the function for migrations has no route",
    "migration_changed": "the function for migrations has no route",
    "conflict": "a kind of errors",
    "not_found": "a kind of errors",
}
every_operation = pytest.mark.parametrize("operation", [each for *_, each in OPERATIONS.values()], ids=list(OPERATIONS))


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def found(reference: str) -> Any:
    value: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        value = value[step]
    return value


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    return dict(found(value["$ref"])) if "$ref" in value else value


def validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def media(value: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield each schema with an example that stands beside it."""
    for node in nodes(value):
        shown = [each["value"] for each in node.get("examples", {}).values()] if "schema" in node else []
        shown += [node["example"]] if "schema" in node and "example" in node else []
        for example in shown:
            yield node["schema"], example


def test_it_is_what_the_generator_makes() -> None:
    is_current = document.PATH.read_text("utf-8") == document.text()
    assert is_current, "the OpenAPI document is not that of the code: run `make openapi`, and commit what it writes"


def test_generating_twice_gives_the_same() -> None:
    assert document.text() == document.text()


def test_it_has_every_route_and_no_other() -> None:
    methods = {path: tuple(sorted(method.upper() for method in each)) for path, each in DOCUMENT["paths"].items()}
    assert methods == routes.METHODS


def test_an_operation_is_called_as_its_function() -> None:
    functions = {project.stem_of(route.function) for route in project.routes()} - {"refuse_route"}
    assert {name for name in OPERATIONS if not name.startswith("head_")} == functions
    assert {name.removeprefix("head_") for name in OPERATIONS} == functions


@pytest.mark.parametrize("name", OPERATIONS)
def test_it_wants_a_token_where_the_policy_does(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    who = policy.who_may(method.upper(), path)
    optional = operation["security"] == [{}, {"bearer": []}]
    assert optional == (who is policy.Who.ANYONE_WHERE_OPEN)
    assert optional or operation["security"] == ([] if policy.is_public(who) else [{"bearer": []}])


@every_operation
def test_an_operation_says_what_it_is_and_what_can_go_wrong(operation: dict[str, Any]) -> None:
    assert len(operation["summary"]) > 10
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    assert {"406", "422", "429", "500", "504"} < set(operation["responses"])
    assert any(status.startswith("2") for status in operation["responses"])


@every_operation
def test_the_parameters_of_the_path_are_described(operation: dict[str, Any]) -> None:
    _, path, _ = OPERATIONS[operation["operationId"]]
    asked = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"]
    assert asked == re.findall(r"{(\w+)}", path)


def test_a_body_that_is_sent_names_all_its_fields() -> None:
    for _, _, operation in OPERATIONS.values():
        for content in operation.get("requestBody", {"content": {}})["content"].values():
            assert resolved(content["schema"])["additionalProperties"] is False
            assert "example" in content


@every_operation
def test_an_answer_with_a_body_has_an_example(operation: dict[str, Any]) -> None:
    contents = [resolved(answer).get("content", {}) for answer in operation["responses"].values()]
    bodies = [each for content in contents for media_type, each in content.items() if media_type.endswith("json")]
    assert all("example" in each or "examples" in each for each in bodies)


def test_every_example_fits_its_schema() -> None:
    checked = list(media(DOCUMENT))
    assert [(schema, example) for schema, example in checked if not validator(schema).is_valid(example)] == []
    assert len(checked) > 100


def test_head_answers_no_body() -> None:
    heads = [operation for name, (*_, operation) in OPERATIONS.items() if name.startswith("head_")]
    assert [each for head in heads for each in head["responses"].values() if "content" in resolved(each)] == []


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    references = {node["$ref"] for node in nodes(DOCUMENT) if isinstance(node.get("$ref"), str)}
    assert all(found(reference) for reference in references)
    kinds = ("schemas", "responses", "headers")
    components = {f"#/components/{kind}/{name}" for kind in kinds for name in DOCUMENT["components"][kind]}
    assert components == references


@every_operation
def test_links_lead_to_operations_and_name_their_parameters(operation: dict[str, Any]) -> None:
    for answer in operation["responses"].values():
        for link in answer.get("links", {}).values():
            _, _, target = OPERATIONS[link["operationId"]]
            assert set(link.get("parameters", {})) <= {each["name"] for each in target.get("parameters", ())}


@pytest.mark.parametrize("name", project.api()["GatewayResponses"])
def test_what_the_gateway_answers_by_itself_is_an_error_of_the_document(name: str) -> None:
    template = project.api()["GatewayResponses"][name]["ResponseTemplates"]["application/json"]
    body = template.replace("$context.requestTime", "22/Nov/2026:14:05:09 +0000").replace("$context.requestId", "6f0c")
    assert validator(DOCUMENT["components"]["schemas"]["Error"]).is_valid(json.loads(body))
    assert not validator(DOCUMENT["components"]["schemas"]["Error"]).is_valid(json.loads(template))


@pytest.mark.parametrize("stage", ["", "/dev"])
def test_from_its_own_address_the_server_is_the_root_of_the_stage(stage: str) -> None:
    (server,) = DOCUMENT["servers"]
    assert urljoin(f"https://api.test{stage}/api/openapi.json", server["url"]) == f"https://api.test{stage}/"


@pytest.mark.parametrize(("schema", "name"), [("Registration", "password"), ("PasswordChange", "new_password")])
def test_a_new_password_is_as_long_as_the_template_wants_it_by_default(schema: str, name: str) -> None:
    default = project.template()["Parameters"]["PasswordLengthMin"]["Default"]
    assert DOCUMENT["components"]["schemas"][schema]["properties"][name]["minLength"] == default


def test_every_documented_code_is_one_that_some_operation_answers() -> None:
    told = [node["code"] for node in nodes(DOCUMENT) if isinstance(node.get("code"), dict)]
    codes = {code for schema in told for code in schema.get("enum", ())}
    assert test_errors.documented().keys() - codes == OF_NO_OPERATION.keys()


def test_rows_of_errors_are_about_operations() -> None:
    assert set(ROWS) <= set(OPERATIONS)
