"""The REST API's own properties: stage, authorizers, CORS."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from local import properties
from local.errors import TemplateError
from local.model import Api, Authorizer, Function, Route
from local.template_functions import DEFAULT_AUTHORIZER
from local.template_responses import quoted, read_responses

_DEFAULT_TTL_SECONDS, _MOST_TTL_SECONDS = 300, 3600
_MOST_COMPRESSION_BYTES = 10 * 1024 * 1024
_EVERY_METHOD = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def read_api(where: str, given: Mapping[str, Any], routes: Iterable[Route], functions: Mapping[str, Function]) -> Api:
    auth = properties.API_AUTH.check(given.get("Auth"), f"{where}.Auth")
    authorizers = {
        name: _authorizer(name, each, f"{where}.Auth.Authorizers.{name}", functions)
        for name, each in (auth.get("Authorizers") or {}).items()
    }
    default = auth.get("DefaultAuthorizer")
    own = [_with_authorizer(route, default, authorizers, where) for route in routes]
    guarded = default if auth.get("AddDefaultAuthorizerToCorsPreflight", True) else None
    cors = _cors(given.get("Cors"), f"{where}.Cors")
    return Api(
        stage=str(given.get("StageName")),
        routes=(*_without_doubles(own), *_preflights(own, cors, guarded)),
        authorizers=authorizers,
        responses=read_responses(given.get("GatewayResponses") or {}, f"{where}.GatewayResponses"),
        stage_variables={name: str(value) for name, value in (given.get("Variables") or {}).items()} or None,
        binary_types=tuple(str(each).replace("~1", "/") for each in given.get("BinaryMediaTypes") or ()),
        compression_bytes=_compression(given.get("MinimumCompressionSize"), f"{where}.MinimumCompressionSize"),
    )


def _compression(given: Any, where: str) -> int | None:
    if given is not None and not 0 <= int(given) <= _MOST_COMPRESSION_BYTES:
        raise TemplateError(f"{where}: must lie between 0 and {_MOST_COMPRESSION_BYTES}.")
    return None if given is None else int(given)


def _authorizer(name: str, given: Any, where: str, functions: Mapping[str, Function]) -> Authorizer:
    given = properties.AUTHORIZER.check(given, where)
    kind = given.get("FunctionPayloadType", "TOKEN")
    if kind != "TOKEN":
        raise TemplateError(f"{where}.FunctionPayloadType: the local gateway knows TOKEN authorizers only, not {kind}.")
    identity = properties.IDENTITY.check(given.get("Identity"), f"{where}.Identity")
    ttl_seconds = int(identity.get("ReauthorizeEvery", _DEFAULT_TTL_SECONDS))
    if not 0 <= ttl_seconds <= _MOST_TTL_SECONDS:
        raise TemplateError(f"{where}.Identity.ReauthorizeEvery: must lie between 0 and {_MOST_TTL_SECONDS}.")
    pattern = identity.get("ValidationExpression")
    return Authorizer(
        name,
        _function_of(given.get("FunctionArn"), f"{where}.FunctionArn", functions),
        str(identity.get("Header", "Authorization")).lower(),
        None if pattern is None else _expression(str(pattern), f"{where}.Identity.ValidationExpression"),
        ttl_seconds,
    )


def _function_of(arn: Any, where: str, functions: Mapping[str, Function]) -> str:
    for function in functions.values():
        if arn in (function.arn, f"{function.arn}:live"):
            return function.name
    raise TemplateError(f"{where}: must be the Arn of a function in this template, or that and :live.")


def _expression(pattern: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise TemplateError(f"{where}: not a regular expression ({error}).") from error


def _with_authorizer(route: Route, default: str | None, known: Mapping[str, Authorizer], where: str) -> Route:
    name = default if route.authorizer == DEFAULT_AUTHORIZER else route.authorizer
    if name is not None and name not in known:
        raise TemplateError(
            f"{where}.Auth: {route.method} {route.path} wants the authorizer {name}, which is not there."
        )
    return replace(route, authorizer=name)


def _without_doubles(routes: Sequence[Route]) -> Sequence[Route]:
    seen: dict[tuple[str, str], str | None] = {}
    for route in routes:
        if (route.method, route.path) in seen:
            raise TemplateError(
                f"{route.method} {route.path} has two functions: {seen[route.method, route.path]} and {route.function}."
            )
        seen[route.method, route.path] = route.function
    return routes


def _cors(given: Any, where: str) -> dict[str, str]:
    """Return the preflight's headers in SAM's order; without Allow-Methods SAM derives it from the path."""
    if isinstance(given, str):
        given = {"AllowOrigin": given}
    given = properties.CORS.check(given, where)
    headers = {
        "Access-Control-Allow-Origin": given.get("AllowOrigin"),
        "Access-Control-Allow-Headers": given.get("AllowHeaders"),
        "Access-Control-Allow-Methods": given.get("AllowMethods", "''"),
        "Access-Control-Max-Age": given.get("MaxAge"),
        "Access-Control-Allow-Credentials": "'true'" if given.get("AllowCredentials") is True else None,
    }
    return {name: quoted(value, where) for name, value in headers.items() if value is not None} if given else {}


def _preflights(routes: Iterable[Route], cors: Mapping[str, str], authorizer: str | None) -> Iterator[Route]:
    methods: dict[str, set[str]] = {}
    for route in routes:
        methods.setdefault(route.path, set()).add(route.method)
    for path, own in methods.items():
        if cors and "OPTIONS" not in own:
            allowed = ",".join(_EVERY_METHOD if "ANY" in own else sorted({*own, "OPTIONS"}))
            stated = cors["Access-Control-Allow-Methods"] or allowed
            yield Route("OPTIONS", path, None, authorizer, {**cors, "Access-Control-Allow-Methods": stated})
