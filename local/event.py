"""
The event of a Lambda proxy integration (payload format 1.0), key for key as API Gateway sends it.

Two things are as they are for a client that speaks HTTP/2: header names are in lower case but for those that
the gateway itself writes, and a body is text. Without binary media types API Gateway reads every body as
UTF-8, and what is not UTF-8 arrives with U+FFFD in its place; so it does here.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from local.event_headers import passed_headers
from local.media_types import is_binary
from local.model import ACCOUNT, REGION, Api
from local.request import Request
from local.routes import Match

API_ID = "local00000"
DEPLOYMENT_ID = "local0"
_IDENTITY = [
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "sourceIp",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "userAgent",
    "user",
]


def proxy_event(
    request: Request, match: Match, api: Api, authorizer: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the event for a handler; *authorizer* is `requestContext.authorizer`, if there was one."""
    headers = _together(passed_headers(request))
    query = _together(request.query)
    body, is_base64 = _body(request, api)
    return {
        "resource": match.route.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": _last(headers),
        "multiValueHeaders": headers or None,
        "queryStringParameters": _last(query),
        "multiValueQueryStringParameters": query or None,
        "pathParameters": None if match.parameters is None else dict(match.parameters),
        "stageVariables": None if api.stage_variables is None else dict(api.stage_variables),
        "requestContext": _request_context(request, match.route.path, api.stage, authorizer),
        "body": body,
        "isBase64Encoded": is_base64,
    }


def token_event(request: Request, token: str, stage: str) -> dict[str, Any]:
    """Return the event for a TOKEN authorizer."""
    return {"type": "TOKEN", "authorizationToken": token, "methodArn": method_arn(request, stage)}


def method_arn(request: Request, stage: str) -> str:
    path = request.path.lstrip("/")
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API_ID}/{stage}/{request.method}/{path}"


def _request_context(
    request: Request, resource: str, stage: str, authorizer: Mapping[str, Any] | None
) -> dict[str, Any]:
    domain = (request.header("host") or "127.0.0.1").rsplit(":", 1)[0]
    seen = {"sourceIp": request.source_ip, "userAgent": request.header("user-agent")}
    return {
        "resourceId": hashlib.sha256(resource.encode()).hexdigest()[:6],
        **({} if authorizer is None else {"authorizer": dict(authorizer)}),
        "resourcePath": resource,
        "httpMethod": request.method,
        "extendedRequestId": request.extended_id,
        "requestTime": request.clock,
        "path": request.path,
        "accountId": ACCOUNT,
        "protocol": request.protocol,
        "stage": stage,
        "domainPrefix": domain.split(".")[0],
        "requestTimeEpoch": int(request.time * 1000),
        "requestId": request.request_id,
        "identity": {name: seen.get(name) for name in _IDENTITY},
        "domainName": domain,
        "deploymentId": DEPLOYMENT_ID,
        "apiId": API_ID,
    }


def _together(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    together: dict[str, list[str]] = {}
    for name, value in pairs:
        together.setdefault(name, []).append(value)
    return together


def _last(values: Mapping[str, list[str]]) -> dict[str, str] | None:
    return {name: each[-1] for name, each in values.items()} or None


def _body(request: Request, api: Api) -> tuple[str | None, bool]:
    if not request.body:
        return None, False
    if is_binary(request.header("content-type"), api.binary_types):
        return base64.b64encode(request.body).decode(), True
    return request.body.decode("utf-8", "replace"), False
