"""The routes that the API's DefinitionBody states: OpenAPI with API Gateway's extensions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local import properties
from local.errors import TemplateError
from local.model import Function, Route
from local.template_functions import DEFAULT_AUTHORIZER, read_method, read_path

_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
# The alias that SAM publishes is the same function here.
_FUNCTION_URI = re.compile(r"arn:aws:apigateway:[\w-]+:lambda:path/2015-03-31/functions/([^/]+?)(:live)?/invocations")


def read_body(where: str, api: Mapping[str, Any], functions: Mapping[str, Function]) -> Iterator[Route]:
    """Yield the routes of the document; their authorizer may still be DEFAULT_AUTHORIZER."""
    body = properties.BODY.check(api.get("DefinitionBody"), f"{where}.DefinitionBody")
    if body and api.get("MergeDefinitions") is not True:
        raise TemplateError(f"{where}.MergeDefinitions: must be true, or SAM leaves out the events of the functions.")
    for path, methods in (body.get("paths") or {}).items():
        for method, operation in methods.items():
            yield _route(f"{where}.DefinitionBody.paths.{path}.{method}", path, method, operation, functions)


def _route(where: str, path: str, method: str, given: Any, functions: Mapping[str, Function]) -> Route:
    operation = properties.OPERATION.check(given, where)
    integration = properties.INTEGRATION.check(operation.get(_INTEGRATION), f"{where}.{_INTEGRATION}")
    if (integration.get("type"), integration.get("httpMethod")) != ("aws_proxy", "POST"):
        raise TemplateError(f"{where}.{_INTEGRATION}: the local gateway knows aws_proxy by POST only.")
    return Route(
        read_method("ANY" if method == _ANY else method, where),
        read_path(path, where),
        _function(str(integration.get("uri")), f"{where}.{_INTEGRATION}.uri", functions),
        _authorizer(operation.get("security"), f"{where}.security"),
    )


def _function(uri: str, where: str, functions: Mapping[str, Function]) -> str:
    match = _FUNCTION_URI.fullmatch(uri)
    for function in functions.values():
        if match and match[1] == function.arn:
            return function.name
    raise TemplateError(f"{where}: must invoke a function of this template.")


def _authorizer(security: Any, where: str) -> str | None:
    if security is None:
        return DEFAULT_AUTHORIZER
    names = [name for each in security for name in each]
    if len(names) != 1:
        raise TemplateError(f"{where}: expected one authorizer, or NONE.")
    return None if names == ["NONE"] else str(names[0])
