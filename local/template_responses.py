"""The template's GatewayResponses: what the gateway answers by itself."""

import re
from collections.abc import Mapping
from typing import Any

from local import properties
from local.errors import TemplateError
from local.model import GatewayResponse

# The status that API Gateway gives each by itself; None depends on what went wrong.
STATUS: Mapping[str, int | None] = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
VARIABLE = re.compile(r"\$(\{)?((?:context|stageVariables|input|util|method)\b(?:\.\w+)*)(?(1)\})")
_KNOWN_VARIABLES = re.compile(
    r"context\.(requestId|extendedRequestId|requestTime|requestTimeEpoch|httpMethod|path|resourcePath|stage|apiId"
    r"|accountId|protocol|domainName|identity\.(sourceIp|userAgent)|error\.(message|messageString|responseType)"
    r"|authorizer\.\w+)"
)


def read_responses(given: Mapping[str, Any], where: str) -> dict[str, GatewayResponse]:
    return {kind: _response(kind, each, f"{where}.{kind}") for kind, each in given.items()}


def _response(kind: str, given: Any, where: str) -> GatewayResponse:
    if kind not in STATUS:
        raise TemplateError(f"{where}: API Gateway has no gateway response of this type.")
    given = properties.GATEWAY_RESPONSE.check(given, where)
    parameters = properties.RESPONSE_PARAMETERS.check(given.get("ResponseParameters"), f"{where}.ResponseParameters")
    templates = properties.RESPONSE_TEMPLATES.check(given.get("ResponseTemplates"), f"{where}.ResponseTemplates")
    headers = parameters.get("Headers") or {}
    status = given.get("StatusCode")
    return GatewayResponse(
        None if status is None else int(status),
        {name: quoted(value, f"{where}.ResponseParameters.Headers.{name}") for name, value in headers.items()},
        _checked(templates.get("application/json"), f"{where}.ResponseTemplates"),
    )


def quoted(value: Any, where: str) -> str:
    """Return the text of a static value, which API Gateway wants in single quotes."""
    text = str(value)
    if len(text) < 2 or not (text.startswith("'") and text.endswith("'")):
        raise TemplateError(f"{where}: expected a static value in single quotes (\"'…'\"), the only kind known here.")
    return text[1:-1]


def _checked(template: str | None, where: str) -> str | None:
    for match in VARIABLE.finditer(template or ""):
        if not _KNOWN_VARIABLES.fullmatch(match[2]):
            raise TemplateError(f"{where}: the local gateway does not know the variable ${match[2]}.")
    return template
