"""What CloudFormation gets: the template as SAM translates it, operation by operation."""

import copy
import logging
from typing import Any

import pytest

from tests.structure import project
from tests.structure.test_routes import public_labels, refused_routes

pytestmark = pytest.mark.slow

AUTHORIZER: list[dict[str, list[str]]] = [{"TokenAuthorizer": []}]

Operations = dict[str, Any]


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    """Translate the template; where the code lies in S3 is made up, as `sam deploy` would fill it in."""
    from samtranslator.parser.parser import Parser  # SAM takes a second to load, and only this file needs it
    from samtranslator.translator.translator import Translator

    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    template = copy.deepcopy(project.template())
    for resource in template["Resources"].values():
        for name in {"CodeUri", "ContentUri"} & resource["Properties"].keys():
            resource["Properties"][name] = "s3://bucket/key"
    try:
        return dict(Translator({}, Parser()).translate(template, parameter_values={})["Resources"])
    finally:
        patch.undo()


@pytest.fixture
def operations(resources: dict[str, Any]) -> Operations:
    """Return the operations of the API by `METHOD path`."""
    paths = resources["Api"]["Properties"]["Body"]["paths"]
    return {f"{method.upper()} {path}": each for path, methods in paths.items() for method, each in methods.items()}


def test_every_operation_asks_the_authorizer_except_the_public_ones_and_those_that_refuse(
    operations: Operations,
) -> None:
    refused = {route.label.replace("ANY ", "X-AMAZON-APIGATEWAY-ANY-METHOD ") for route in refused_routes()}
    open_ones = {label for label, each in operations.items() if each.get("security") != AUTHORIZER}
    assert {label for label in open_ones if not label.startswith("OPTIONS ")} == public_labels() | refused


def test_every_path_answers_preflights_without_a_token(operations: Operations) -> None:
    paths = {label.split(" ", 1)[1] for label in operations}
    preflights = {path: operations[f"OPTIONS {path}"] for path in paths}
    assert {each["x-amazon-apigateway-integration"]["type"] for each in preflights.values()} == {"mock"}
    assert [path for path, each in preflights.items() if each.get("security") == AUTHORIZER] == []


def test_each_operation_calls_the_function_of_its_route(operations: Operations) -> None:
    for route in project.routes():
        label = route.label.replace("ANY ", "X-AMAZON-APIGATEWAY-ANY-METHOD ")
        assert f"${{{route.function}.Arn}}" in str(operations[label]["x-amazon-apigateway-integration"])


def test_api_gateway_may_call_every_function_that_has_a_route(resources: dict[str, Any]) -> None:
    allowed = {str(each["Properties"]["FunctionName"]) for each in _of_type(resources, "AWS::Lambda::Permission")}
    called = {route.function for route in project.routes()} | {"AuthorizeRequestFunction"}
    assert [name for name in called if not any(name in each for each in allowed)] == []


def test_every_function_has_a_role_of_its_own(resources: dict[str, Any]) -> None:
    roles = [str(each["Properties"]["Role"]) for each in _of_type(resources, "AWS::Lambda::Function")]
    assert len(set(roles)) == len(roles) == len(project.functions())


def _of_type(resources: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in resources.values() if each["Type"] == kind]
