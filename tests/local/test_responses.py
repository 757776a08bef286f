"""Gateway responses come from the template, else from its defaults, else they are API Gateway's own."""

import json

from local.answer import RefusedError
from local.model import Api, GatewayResponse
from local.request import Request
from local.responses import refusal


def an_api(**responses: GatewayResponse) -> Api:
    return Api(stage="dev", routes=(), responses=responses)


def test_without_a_template_it_is_api_gateways_own() -> None:
    answer = refusal(RefusedError("MISSING_AUTHENTICATION_TOKEN"), Request("GET", "/x"), an_api())
    headers = dict(answer.headers)
    assert (answer.status, answer.body) == (403, b'{"message":"Missing Authentication Token"}')
    assert headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
    assert headers["Content-Type"] == "application/json"


def test_authorizer_faults_have_no_message() -> None:
    answer = refusal(RefusedError("AUTHORIZER_CONFIGURATION_ERROR"), Request("GET", "/x"), an_api())
    assert (answer.status, answer.body) == (500, b'{"message":null}')


def test_own_response_goes_before_the_default_of_its_class() -> None:
    api = an_api(DEFAULT_4XX=GatewayResponse(499), THROTTLED=GatewayResponse(420, {"Retry-After": "1"}))
    throttled = refusal(RefusedError("THROTTLED"), Request("GET", "/x"), api)
    assert (throttled.status, dict(throttled.headers)["Retry-After"]) == (420, "1")
    assert refusal(RefusedError("UNAUTHORIZED"), Request("GET", "/x"), api).status == 499
    assert refusal(RefusedError("DEFAULT_5XX", status=502), Request("GET", "/x"), api).status == 502


def test_variables_are_filled_in_and_the_rest_is_left_alone() -> None:
    template = (
        '{"id": "$context.requestId", "at": "$context.requestTime", "why": $context.error.messageString,'
        ' "kind": "${context.error.responseType}", "role": "$context.authorizer.role", "no": "$context.authorizer.no",'
        ' "price": "5 $"}'
    )
    request = Request("GET", "/x", time=0.0)
    refused = RefusedError("ACCESS_DENIED", authorizer={"role": "user"})
    answer = refusal(refused, request, an_api(ACCESS_DENIED=GatewayResponse(template=template)))
    assert json.loads(answer.body) == {
        "id": request.request_id,
        "at": "01/Jan/1970:00:00:00 +0000",
        "why": "User is not authorized to access this resource",
        "kind": "ACCESS_DENIED",
        "role": "user",
        "no": "",
        "price": "5 $",
    }


def test_detail_is_for_the_terminal_only() -> None:
    answer = refusal(RefusedError("DEFAULT_5XX", "secret traceback", status=502), Request("GET", "/x"), an_api())
    assert answer.body == b'{"message":"Internal server error"}'
