"""Rules about who gets past the gateway."""

from tests.structure import project
from tests.structure.test_routes import public_labels, refused_routes
from tests.template.deployed import Deployed
from tests.template.rules import rule

AUTHORIZER: list[dict[str, list[str]]] = [{"TokenAuthorizer": []}]
_ANY = "X-AMAZON-APIGATEWAY-ANY-METHOD"


@rule()
def every_route_asks_the_authorizer_but_the_public_and_the_refused(deployed: Deployed) -> None:
    refused = {route.label.replace("ANY ", f"{_ANY} ") for route in refused_routes()}
    unguarded = {label for label, each in deployed.operations().items() if each.get("security") != AUTHORIZER}
    assert {label for label in unguarded if not label.startswith("OPTIONS ")} == public_labels() | refused


@rule()
def preflights_need_no_token_and_reach_no_function(deployed: Deployed) -> None:
    for label, each in deployed.operations().items():
        if label.startswith("OPTIONS "):
            assert each["x-amazon-apigateway-integration"]["type"] == "mock", label
            assert each.get("security") != AUTHORIZER, label


@rule()
def every_route_has_a_preflight(deployed: Deployed) -> None:
    operations = deployed.operations()
    paths = {label.split(" ", 1)[1] for label in operations}
    assert {path for path in paths if f"OPTIONS {path}" not in operations} == set()


@rule()
def the_gateway_believes_an_authorizer_for_five_minutes_at_most(deployed: Deployed) -> None:
    schemes = deployed.the("AWS::ApiGateway::RestApi")["Body"]["components"]["securitySchemes"]
    authorizer = schemes["TokenAuthorizer"]["x-amazon-apigateway-authorizer"]
    assert authorizer["type"] == "token"
    assert 0 < authorizer["authorizerResultTtlInSeconds"] <= 300
    assert authorizer["identityValidationExpression"].startswith("^[Bb]")


@rule()
def pages_of_one_stated_origin_may_call(deployed: Deployed) -> None:
    for label, each in deployed.operations().items():
        if label.startswith("OPTIONS "):
            sent = each["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"]
            origin = sent["method.response.header.Access-Control-Allow-Origin"]
            assert "*" not in origin, label
            assert origin == f"'{deployed.parameters['CorsOrigin']}'", label


@rule()
def every_error_of_the_gateway_is_in_our_envelope(deployed: Deployed) -> None:
    body = deployed.the("AWS::ApiGateway::RestApi")["Body"]
    for name, each in body["x-amazon-apigateway-gateway-responses"].items():
        text = each["responseTemplates"]["application/json"]
        assert text.startswith('{"error": {'), name
        assert "$context.requestId" in text, name
        assert "$context.error.message" not in text, name


@rule()
def each_operation_calls_the_function_of_its_route(deployed: Deployed) -> None:
    for route in project.routes():
        operation = deployed.operations()[route.label.replace("ANY ", f"{_ANY} ")]
        uri = operation["x-amazon-apigateway-integration"]["uri"]
        stated = (f":function:{route.function}/", f":function:{route.function}:live/", f"/{route.function}Alias")
        assert any(each in uri for each in stated), route.label


@rule()
def only_the_gateway_may_call_what_has_a_route_and_only_for_this_api(deployed: Deployed) -> None:
    permissions = deployed.of_type("AWS::Lambda::Permission")
    asked = [each for each in permissions if each["Principal"] == "apigateway.amazonaws.com"]
    assert all(":Api/" in each["SourceArn"] for each in asked)
    allowed = {each["FunctionName"].split("Alias")[0].removesuffix(":live").split(":")[-1] for each in asked}
    assert allowed == {route.function for route in project.routes()} | {"AuthorizeRequestFunction"}
    assert all(each.get("SourceArn") for each in permissions), "anybody's account may call"


@rule()
def one_permission_covers_all_refused_routes_in_this_stage_only(deployed: Deployed) -> None:
    (name,) = {route.function for route in refused_routes()}
    permissions = deployed.of_type("AWS::Lambda::Permission")
    covering = [each for each in permissions if name in str(each["FunctionName"])]
    assert [each["FunctionName"] for each in covering] == [f"{name}Aliaslive"]
    assert covering[0]["SourceArn"].endswith(f":Api/{deployed.stage}/*")
    assert deployed.resource(f"{name}Aliaslive")["Name"] == "live"
