"""Weaknesses of the API."""

from tests.template.plants import Template, plant


@plant("dev", "staging", "prod")
def a_route_without_the_authorizer(template: Template) -> None:
    event = template["Resources"]["GetUserFunction"]["Properties"]["Events"]["Get"]["Properties"]
    event["Auth"] = {"Authorizer": "NONE"}


@plant()
def refused_routes_whose_function_anybodys_api_may_call(template: Template) -> None:
    del template["Resources"]["RefuseRoutePermission"]["Properties"]["SourceArn"]


@plant()
def refused_routes_that_nobody_lets_in(template: Template) -> None:
    del template["Resources"]["RefuseRoutePermission"]


@plant()
def a_gateway_that_asks_the_authorizer_about_anything(template: Template) -> None:
    authorizer = template["Resources"]["Api"]["Properties"]["Auth"]["Authorizers"]["TokenAuthorizer"]
    authorizer["Identity"]["ValidationExpression"] = ".*"


@plant()
def pages_of_any_origin_may_call(template: Template) -> None:
    template["Resources"]["Api"]["Properties"]["Cors"]["AllowOrigin"] = "'*'"


@plant()
def an_authorizer_that_is_believed_for_an_hour(template: Template) -> None:
    authorizer = template["Resources"]["Api"]["Properties"]["Auth"]["Authorizers"]["TokenAuthorizer"]
    authorizer["Identity"]["ReauthorizeEvery"] = 3600


@plant()
def an_error_of_the_gateway_that_tells_its_message(template: Template) -> None:
    response = template["Resources"]["Api"]["Properties"]["GatewayResponses"]["DEFAULT_4XX"]
    response["ResponseTemplates"]["application/json"] = '{"message": $context.error.messageString}'


@plant()
def preflights_that_need_a_token(template: Template) -> None:
    template["Resources"]["Api"]["Properties"]["Auth"]["AddDefaultAuthorizerToCorsPreflight"] = True


@plant()
def no_preflights(template: Template) -> None:
    del template["Resources"]["Api"]["Properties"]["Cors"]


@plant()
def a_route_that_calls_another_function(template: Template) -> None:
    users, orders = (template["Resources"][name]["Properties"] for name in ("GetUserFunction", "GetOrderFunction"))
    users["Events"], orders["Events"] = orders["Events"], users["Events"]
