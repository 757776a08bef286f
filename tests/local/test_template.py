"""The template is understood whole, or refused with the name of what is not understood."""

from pathlib import Path
from typing import Any

import pytest

from local.errors import TemplateError
from local.model import Project
from local.template import read_project
from tests.local.tiny import ECHO, Tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path).function("Echo", ECHO, "GET /echo")


def refused(tiny: Tiny) -> str:
    with pytest.raises(TemplateError) as caught:
        tiny.project()
    return str(caught.value)


def written(tiny: Tiny, old: str, new: str) -> Project:
    path = tiny.write()
    path.write_text(path.read_text().replace(old, new))
    return read_project(tiny.root, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [("Models", {}), ("DefinitionUri", "api.yaml"), ("FailOnWarnings", True), ("Cors", {"AllowOrigins": "'*'"})],
)
def test_unknown_api_property_is_refused_by_name(tiny: Tiny, name: str, value: Any) -> None:
    tiny.api[name] = value
    expected = "Cors.AllowOrigins" if name == "Cors" else name
    assert f"Resources.Api.Properties.{expected}:" in refused(tiny)


@pytest.mark.parametrize("name", ["InlineCode", "FunctionUrlConfig", "PackageType", "FileSystemConfigs"])
def test_unknown_function_property_is_refused_by_name(tiny: Tiny, name: str) -> None:
    tiny.function("Other", ECHO, **{name: "x"})
    assert f"Resources.Other.Properties.{name}:" in refused(tiny)


def test_unknown_property_in_globals_is_refused(tiny: Tiny) -> None:
    with pytest.raises(TemplateError, match=r"Globals\.Function\.InlineCode"):
        written(tiny, "Resources:", "Globals: {Function: {InlineCode: x}}\nResources:")


@pytest.mark.parametrize("kind", ["AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api", "AWS::Lambda::Function"])
def test_unknown_resource_that_takes_part_in_serving_is_refused(tiny: Tiny, kind: str) -> None:
    tiny.resources["Other"] = {"Type": kind}
    assert f"Resources.Other: the local gateway does not know resources of type {kind}" in refused(tiny)


@pytest.mark.parametrize("kind", ["AWS::IAM::Role", "AWS::Logs::LogGroup", "AWS::RDS::DBProxy", "AWS::EC2::Subnet"])
def test_resource_that_stands_beside_the_serving_is_ignored(tiny: Tiny, kind: str) -> None:
    tiny.resources["Other"] = {"Type": kind, "Properties": {"Any": {"Fn::ImportValue": "x"}}}
    tiny.project()


def test_property_without_local_meaning_is_ignored_unread(tiny: Tiny) -> None:
    tiny.function("Other", ECHO, Policies=[{"Fn::Unheard": "x"}], Tracing="Active", ReservedConcurrentExecutions=5)
    tiny.project()


def test_unknown_event_type_is_refused(tiny: Tiny) -> None:
    tiny.resources["Echo"]["Properties"]["Events"]["Upload"] = {"Type": "S3", "Properties": {}}
    assert "Resources.Echo.Properties.Events.Upload" in refused(tiny)


def test_unknown_gateway_response_and_its_variables_are_refused(tiny: Tiny) -> None:
    tiny.api["GatewayResponses"] = {"TEAPOT": {"StatusCode": 418}}
    assert "GatewayResponses.TEAPOT" in refused(tiny)
    tiny.api["GatewayResponses"] = {"THROTTLED": {"ResponseTemplates": {"application/json": "$context.nonsense"}}}
    assert "$context.nonsense" in refused(tiny)


def test_request_authorizer_is_refused(tiny: Tiny) -> None:
    tiny.authorizer()
    tiny.api["Auth"]["Authorizers"]["Token"]["FunctionPayloadType"] = "REQUEST"
    assert "Resources.Api.Properties.Auth.Authorizers.Token.FunctionPayloadType" in refused(tiny)


def test_alias_of_the_authorizer_is_the_function_itself(tiny: Tiny) -> None:
    tiny.authorizer()
    tiny.api["Auth"]["Authorizers"]["Token"]["FunctionArn"] = {"Fn::Sub": "${Gate.Arn}:live"}
    assert tiny.project().api.authorizers["Token"].function == "Gate"


def test_unknown_intrinsic_function_is_refused_with_its_place(tiny: Tiny) -> None:
    tiny.function("Other", ECHO, Environment={"Variables": {"WHERE": {"Fn::ImportValue": "x"}}})
    assert "Resources.Other.Properties.Environment.Variables.WHERE" in refused(tiny)


def test_key_that_is_there_twice_is_refused(tiny: Tiny) -> None:
    with pytest.raises(TemplateError, match="StageName is there twice"):
        written(tiny, "StageName: dev", "StageName: dev\n      StageName: prod")


def test_two_functions_on_one_route_are_refused(tiny: Tiny) -> None:
    tiny.function("Other", ECHO, "GET /echo")
    assert "GET /echo has two functions: Echo and Other" in refused(tiny)


def test_variable_with_two_values_is_refused_as_all_share_one_process(tiny: Tiny) -> None:
    for name, value in (("One", "1"), ("Two", "2")):
        tiny.function(name, ECHO, Environment={"Variables": {"NUMBER": value}})
    with pytest.raises(TemplateError, match=r"Two\.Properties\.Environment\.Variables\.NUMBER"):
        assert tiny.project().environment


def test_globals_are_merged_as_sam_does(tiny: Tiny) -> None:
    tiny.function("Other", ECHO, Environment={"Variables": {"OWN": "1"}})
    shared = "Globals: {Function: {Timeout: 7, MemorySize: 512, Environment: {Variables: {SHARED: x}}}}"
    other = written(tiny, "Resources:", f"{shared}\nResources:").functions["Other"]
    assert (other.timeout_seconds, other.memory_mb, other.environment) == (7, 512, {"SHARED": "x", "OWN": "1"})


def test_preflight_lists_the_methods_of_its_path_as_sam_derives_them(tiny: Tiny) -> None:
    tiny.api["Cors"] = {"AllowOrigin": "'https://a.example'", "MaxAge": "'600'"}
    tiny.function("Other", ECHO, "POST /echo", "ANY /all")
    routes = {route.path: route.preflight for route in tiny.project().api.routes if route.method == "OPTIONS"}
    assert routes["/echo"] == {
        "Access-Control-Allow-Origin": "https://a.example",
        "Access-Control-Allow-Methods": "GET,OPTIONS,POST",
        "Access-Control-Max-Age": "600",
    }
    assert routes["/all"]["Access-Control-Allow-Methods"] == "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"


def test_the_projects_own_template_is_understood() -> None:
    project = read_project(Path(__file__).parents[2], {"Registration": "closed"})
    assert project.environment["REGISTRATION"] == "closed"
