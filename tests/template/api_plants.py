"""Weaknesses of the API."""

from tests.template.plants import Template, plant


@plant("dev", "staging", "prod", breaks="every_route_asks_the_authorizer_but_the_public_and_the_refused")
def a_route_without_the_authorizer(template: Template) -> None:
    event = template["Resources"]["GetUserFunction"]["Properties"]["Events"]["Get"]["Properties"]
    event["Auth"] = {"Authorizer": "NONE"}


@plant(breaks="only_the_gateway_may_call_what_has_a_route_and_only_for_this_api")
def refused_routes_whose_function_anybodys_api_may_call(template: Template) -> None:
    del template["Resources"]["RefuseRoutePermission"]["Properties"]["SourceArn"]


@plant(breaks="one_permission_covers_all_refused_routes_in_this_stage_only")
def refused_routes_that_nobody_lets_in(template: Template) -> None:
    del template["Resources"]["RefuseRoutePermission"]


@plant(breaks="the_gateway_believes_an_authorizer_for_five_minutes_at_most")
def a_gateway_that_asks_the_authorizer_about_anything(template: Template) -> None:
    authorizer = template["Resources"]["Api"]["Properties"]["Auth"]["Authorizers"]["TokenAuthorizer"]
    authorizer["Identity"]["ValidationExpression"] = ".*"


@plant(breaks="pages_of_one_stated_origin_may_call")
def pages_of_any_origin_may_call(template: Template) -> None:
    template["Resources"]["Api"]["Properties"]["Cors"]["AllowOrigin"] = "'*'"


@plant(breaks="the_gateway_believes_an_authorizer_for_five_minutes_at_most")
def an_authorizer_that_is_believed_for_an_hour(template: Template) -> None:
    authorizer = template["Resources"]["Api"]["Properties"]["Auth"]["Authorizers"]["TokenAuthorizer"]
    authorizer["Identity"]["ReauthorizeEvery"] = 3600


@plant(breaks="every_error_of_the_gateway_is_in_our_envelope")
def an_error_of_the_gateway_that_tells_its_message(template: Template) -> None:
    response = template["Resources"]["Api"]["Properties"]["GatewayResponses"]["DEFAULT_4XX"]
    response["ResponseTemplates"]["application/json"] = '{"message": $context.error.messageString}'


@plant(breaks="preflights_need_no_token_and_reach_no_function")
def preflights_that_need_a_token(template: Template) -> None:
    template["Resources"]["Api"]["Properties"]["Auth"]["AddDefaultAuthorizerToCorsPreflight"] = True


@plant(breaks="every_route_has_a_preflight")
def no_preflights(template: Template) -> None:
    del template["Resources"]["Api"]["Properties"]["Cors"]


@plant(breaks="each_operation_calls_the_function_of_its_route")
def a_route_that_calls_another_function(template: Template) -> None:
    users, orders = (template["Resources"][name]["Properties"] for name in ("GetUserFunction", "GetOrderFunction"))
    users["Events"], orders["Events"] = orders["Events"], users["Events"]
