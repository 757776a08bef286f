"""What the gateway answers by itself, in the words of the template's GatewayResponses."""

import json
import re
from collections.abc import Mapping

from local.answer import Answer, RefusedError
from local.event import API_ID
from local.model import ACCOUNT, Api, GatewayResponse
from local.request import Request
from local.template_responses import STATUS, VARIABLE

_AWS_TEMPLATE = '{"message":$context.error.messageString}'
_NO_MESSAGE = ("AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE")
_MESSAGES = {
    "ACCESS_DENIED": "User is not authorized to access this resource",
    "DEFAULT_4XX": "Bad Request",
    "DEFAULT_5XX": "Internal server error",
    "INTEGRATION_FAILURE": "Internal server error",
    "INTEGRATION_TIMEOUT": "Endpoint request timed out",
    "MISSING_AUTHENTICATION_TOKEN": "Missing Authentication Token",
    "REQUEST_TOO_LARGE": "Request Too Long",
    "THROTTLED": "Too Many Requests",
    "UNAUTHORIZED": "Unauthorized",
}
_ERROR_TYPES = {
    "AUTHORIZER_CONFIGURATION_ERROR": "AuthorizerConfigurationException",
    "AUTHORIZER_FAILURE": "AuthorizerFailureException",
    "DEFAULT_4XX": "BadRequestException",
    "DEFAULT_5XX": "InternalServerErrorException",
    "INTEGRATION_FAILURE": "InternalServerErrorException",
    "INTEGRATION_TIMEOUT": "InternalServerErrorException",
    "THROTTLED": "TooManyRequestsException",
}
_FALLBACK_STATUS = {"DEFAULT_4XX": 400, "DEFAULT_5XX": 500}


def refusal(refused: RefusedError, request: Request, api: Api, resource: str = "") -> Answer:
    """Return the answer for *refused*: its own gateway response, else DEFAULT_4XX or 5XX, else API Gateway's."""
    usual = refused.status or STATUS[refused.kind] or _FALLBACK_STATUS[refused.kind]
    wanted = api.responses.get(refused.kind) or api.responses.get(f"DEFAULT_{usual // 100}XX") or GatewayResponse()
    template = _AWS_TEMPLATE if wanted.template is None else wanted.template
    body = _rendered(template, _variables(refused, request, api, resource))
    headers = [
        ("Content-Type", "application/json"),
        ("x-amzn-RequestId", request.request_id),
        ("x-amzn-ErrorType", _error_type(refused.kind)),
        ("x-amz-apigw-id", request.extended_id),
        *wanted.headers.items(),
    ]
    return Answer(wanted.status or usual, headers, body.encode(), refused.kind)


def _error_type(kind: str) -> str:
    return _ERROR_TYPES.get(kind) or "".join(word.title() for word in kind.split("_")) + "Exception"


def _rendered(template: str, variables: Mapping[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        return variables.get(match[2], "")

    return VARIABLE.sub(value_of, template)


def _variables(refused: RefusedError, request: Request, api: Api, resource: str) -> dict[str, str]:
    stated = None if refused.kind in _NO_MESSAGE else _MESSAGES.get(refused.kind, "Internal server error")
    found = {
        "requestId": request.request_id,
        "extendedRequestId": request.extended_id,
        "requestTime": request.clock,
        "requestTimeEpoch": str(int(request.time * 1000)),
        "httpMethod": request.method,
        "path": request.path,
        "resourcePath": resource,
        "stage": api.stage,
        "apiId": API_ID,
        "accountId": ACCOUNT,
        "protocol": request.protocol,
        "domainName": (request.header("host") or "").rsplit(":", 1)[0],
        "identity.sourceIp": request.source_ip,
        "identity.userAgent": request.header("user-agent") or "",
        "error.message": stated or "",
        "error.messageString": json.dumps(stated),
        "error.responseType": refused.kind,
        **{f"authorizer.{name}": value for name, value in refused.authorizer.items()},
    }
    return {f"context.{name}": value for name, value in found.items()}
