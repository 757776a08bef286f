"""Routes that the API's own document states, instead of an event."""

from pathlib import Path
from typing import Any

import pytest

from local.errors import TemplateError
from local.model import Route
from tests.local.tiny import ECHO, Tiny

URI = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Refuse.Arn}:live/invocations"


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path).authorizer().function("Refuse", ECHO).function("Echo", ECHO, "GET /echo")


def operation(uri: str = URI, **more: Any) -> dict[str, Any]:
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": uri}}
    return {"responses": {}, "x-amazon-apigateway-integration": integration, **more}


def stating(tiny: Tiny, path: str = "/echo", **operations: Any) -> Tiny:
    methods = {method.replace("_", "-"): each for method, each in operations.items()}
    tiny.api["DefinitionBody"] = {"openapi": "3.0.1", "info": {}, "paths": {path: methods}}
    tiny.api["MergeDefinitions"] = True
    return tiny


def routes(tiny: Tiny) -> dict[str, Route]:
    return {f"{route.method} {route.path}": route for route in tiny.project().api.routes}


def refused(tiny: Tiny) -> str:
    with pytest.raises(TemplateError) as caught:
        tiny.project()
    return str(caught.value)


def test_a_stated_route_joins_those_of_events(tiny: Tiny) -> None:
    found = routes(stating(tiny, delete=operation(security=[{"NONE": []}])))
    assert {label: route.function for label, route in found.items()} == {"DELETE /echo": "Refuse", "GET /echo": "Echo"}


def test_any_is_spelled_as_api_gateway_does(tiny: Tiny) -> None:
    assert routes(stating(tiny, path="/{proxy+}", x_amazon_apigateway_any_method=operation()))["ANY /{proxy+}"]


def test_only_none_opens_a_stated_route(tiny: Tiny) -> None:
    found = routes(stating(tiny, delete=operation(security=[{"NONE": []}]), put=operation()))
    assert (found["DELETE /echo"].authorizer, found["PUT /echo"].authorizer) == (None, "Token")


def test_the_document_without_merging_is_refused_as_sam_would_drop_the_events(tiny: Tiny) -> None:
    stating(tiny, delete=operation()).api["MergeDefinitions"] = False
    assert "Resources.Api.Properties.MergeDefinitions: must be true" in refused(tiny)


def test_a_route_with_an_event_is_not_stated_as_well(tiny: Tiny) -> None:
    assert "GET /echo has two functions: Refuse and Echo" in refused(stating(tiny, get=operation()))


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ({"delete": operation(uri=URI.replace("Refuse", "Nobody"))}, "there is nothing named Nobody"),
        ({"delete": operation(uri="https://a.example/")}, "must invoke a function of this template"),
        ({"delete": operation(security=[{"NONE": []}, {"Token": []}])}, "expected one authorizer, or NONE"),
        ({"delete": operation(parameters=[])}, "delete.parameters: the local gateway does not know"),
        ({"delete": {"x-amazon-apigateway-integration": {"type": "mock"}}}, "knows aws_proxy by POST only"),
        ({"trace": operation()}, "TRACE is none of"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(tiny: Tiny, operations: dict[str, Any], message: str) -> None:
    said = refused(stating(tiny, **operations))
    assert said.startswith("Resources.Api.Properties.DefinitionBody.paths./echo")
    assert message in said
