"""What handlers answer in tests, held to the OpenAPI document: nothing undeclared is answered, in no other shape."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import jsonschema_rs

from tools.openapi import document

_DOCUMENT: dict[str, Any] = json.loads(document.PATH.read_text("utf-8"))
_TOLD = {"Allow", "ETag", "Idempotency-Replayed", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After",
    "WWW-Authenticate"}  # fmt: skip


class Sight(NamedTuple):
    """An answer that an operation gave; the code is that of its error, empty where there is none."""

    operation: str
    status: int
    code: str = ""


SEEN: set[Sight] = set()
# Answers that only the gateway gives, in place of a function.
_OF_THE_GATEWAY = {"malformed_request", "timeout"}


def observe(stem: str, event: dict[str, Any], response: dict[str, Any]) -> None:
    """Note an answer to a request that the gateway would have sent to that function, and hold it to the document."""
    operation = _operation(event.get("resource"), event.get("httpMethod"))
    if operation.get("operationId", "").removeprefix("head_") == stem and not _is_unreal(event, response):
        SEEN.add(_checked(operation, response))


def unseen(seen: Iterable[tuple[str, int, str]]) -> list[Sight]:
    """Return what is declared for functions and was not seen."""
    return sorted(sight for sight in declared() - {Sight(*each) for each in seen} if not _is_of_the_gateway(sight))


def _is_of_the_gateway(sight: Sight) -> bool:
    """What is not counted is refused by the gateway alone, and what asks no store cannot fail."""
    from tests.handlers.endpoints import LIMITED, STORELESS  # which is about the world that this module watches

    is_limited = sight.operation in {endpoint.stem for endpoint in LIMITED}
    return (
        sight.code in _OF_THE_GATEWAY
        or (sight.code == "too_many_requests" and not is_limited)
        or (sight.code == "internal_error" and sight.operation in STORELESS)
    )


def declared() -> set[Sight]:
    """Return every answer that the document knows, but those to HEAD, which are as those to GET."""
    operations = [each for methods in _DOCUMENT["paths"].values() for name, each in methods.items() if name != "head"]
    return {sight for operation in operations for sight in _declared_by(operation)}


def _declared_by(operation: dict[str, Any]) -> set[Sight]:
    answers = ((int(status), _resolved(answer)) for status, answer in operation["responses"].items())
    return {Sight(operation["operationId"], status, code) for status, answer in answers for code in _codes(answer)}


def _codes(answer: dict[str, Any]) -> list[str]:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    inner = [each["properties"]["error"]["properties"] for each in schema.get("allOf", ()) if "properties" in each]
    return inner[0]["code"]["enum"] if inner else [""]


def _checked(operation: dict[str, Any], response: dict[str, Any]) -> Sight:
    name, status = operation["operationId"], response["statusCode"]
    body = json.loads(response["body"]) if _is_json(response) else None
    code = _code(body) if status >= 400 and isinstance(body, dict) else ""
    what = f"{name} answered {status} {code}".rstrip()
    assert str(status) in operation["responses"], f"{what}: {_ADVICE}"
    answer = _resolved(operation["responses"][str(status)])
    assert not code or code in _codes(answer), f"{what}: {_ADVICE}"
    _check_headers(what, answer, response)
    if body is not None:
        _check_body(what, name, response, body)
    return Sight(name, status, code)


def _check_headers(what: str, answer: dict[str, Any], response: dict[str, Any]) -> None:
    undeclared = (_TOLD & set(response["headers"])) - set(answer.get("headers", ()))
    assert not undeclared, f"{what} with {', '.join(sorted(undeclared))}: {_ADVICE}"


def _check_body(what: str, name: str, response: dict[str, Any], body: Any) -> None:
    media_type = response["headers"]["Content-Type"].partition(";")[0]
    wrong = [f"{error.message} at {list(error.instance_path)}" for error in
             _validator(name, str(response["statusCode"]), media_type).iter_errors(body)]  # fmt: skip
    assert wrong == [], f"{what} with {wrong}: {_ADVICE}"


_ADVICE = (
    "the OpenAPI document does not know that. Errors have rows in tools/openapi/errors.py, the rest follows from "
    "handlers; then run `make openapi`"
)


def _operation(path: object, method: object) -> dict[str, Any]:
    if not isinstance(path, str) or not isinstance(method, str):
        return {}
    found: dict[str, Any] = _DOCUMENT["paths"].get(path, {}).get(method.lower(), {})
    return found


def _is_unreal(event: dict[str, Any], response: dict[str, Any]) -> bool:
    """Tests that let every statement fail at COMMIT do so to reads, too, which have none."""
    return (
        response["statusCode"] == 503
        and event["httpMethod"] in ("GET", "HEAD")
        and "outcome_unknown" in response["body"]
    )


def _is_json(response: dict[str, Any]) -> bool:
    return bool(response["body"]) and "json" in response["headers"].get("Content-Type", "")


def _code(body: dict[str, Any]) -> str:
    return str(body.get("error", body).get("code", ""))


@cache
def _validator(name: str, status: str, media_type: str) -> jsonschema_rs.Draft202012Validator:
    operations = [each for methods in _DOCUMENT["paths"].values() for each in methods.values()]
    (operation,) = [each for each in operations if each["operationId"] == name]
    content = _resolved(operation["responses"][status])["content"]
    return jsonschema_rs.Draft202012Validator(_closed(content[media_type]["schema"]))


def _resolved(value: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in value:
        return value
    found: Any = _DOCUMENT
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _closed(schema: Any, *, is_part: bool = False) -> Any:
    """Return *schema* without references, and without room for fields that neither it nor another part names."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    whole = _resolved(schema)
    found = {name: _closed(each) for name, each in whole.items()}
    if "allOf" in whole:
        parts = [_closed(each, is_part=True) for each in whole["allOf"]]
        return {**found, "allOf": parts, "unevaluatedProperties": False}
    is_open = is_part or found.get("type") != "object" or "properties" not in found
    return found if is_open else {"additionalProperties": False, **found}
