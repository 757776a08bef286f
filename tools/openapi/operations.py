"""One operation of the document: who, what goes in, what comes out."""

from types import UnionType
from typing import Any, get_args

from roster.api.policy import Who, is_public
from roster.infrastructure.rate_limits.models import Policy

from tools.openapi import answers, errors, examples, headers, links, parameters, problems, tags
from tools.openapi.answers import Answer
from tools.openapi.project import Operation
from tools.openapi.schemas import Components

_BEARER: dict[str, list[str]] = {"bearer": []}
_WINDOWS = {60: "a minute", 3600: "an hour"}


def described(operation: Operation, components: Components, known: set[str]) -> dict[str, Any]:
    """Return the operation object; its links lead to operations that are *known*."""
    result = operation.signature["return"]
    asked = parameters.of_operation(operation, is_conditional=answers.is_conditional(result))
    body = _request_body(operation, components)
    return {
        "operationId": operation.id,
        "tags": [tags.of_path(operation.path)],
        "summary": operation.summary,
        "description": _description(operation),
        "security": _security(operation),
        **({"parameters": asked} if asked else {}),
        **({"requestBody": body} if body else {}),
        "responses": _responses(operation, components, known),
    }


def _description(operation: Operation) -> str:
    head = "As `GET`, without the body. " if operation.method == "HEAD" else ""
    return f"{head}For: {operation.who}. {_limits(operation.policies)}"


def _limits(policies: list[Policy]) -> str:
    if not policies:
        return "Limited by API Gateway alone."
    told = [f"`{each.name}` {each.quota:,} {_WINDOWS[each.window_seconds]}" for each in policies]
    return f"Limits: {', '.join(told)}."


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if operation.who is Who.ANYONE_WHERE_OPEN:
        return [{}, _BEARER]
    return [] if is_public(operation.who) else [_BEARER]


def _request_body(operation: Operation, components: Components) -> dict[str, Any] | None:
    kind = operation.signature.get("body")
    if kind is None:
        return None
    is_optional = isinstance(kind, UnionType)
    content: dict[str, Any] = {"schema": components.of_input(get_args(kind)[0] if is_optional else kind)}
    example = examples.of_request(operation.stem)
    content |= {} if example is None else {"example": example}
    types = ["application/json", *(["application/merge-patch+json"] if operation.method == "PATCH" else [])]
    return {"required": not is_optional, "content": dict.fromkeys(types, content)}


def _responses(operation: Operation, components: Components, known: set[str]) -> dict[str, Any]:
    good = answers.of_operation(operation, components)
    found = {str(each.status): _good(operation, each, known) for each in good}
    wrong = problems.by_status(errors.codes_of(operation))
    bad = {str(status): _bad(operation, group, components) for status, group in wrong if str(status) not in found}
    return dict(sorted({**found, **bad}.items()))


def _good(operation: Operation, answer: Answer, known: set[str]) -> dict[str, Any]:
    limits = headers.LIMITS if operation.policies else ()
    replayed = ("Idempotency-Replayed",) if parameters.takes_idempotency_key(operation) else ()
    told = headers.named(*answer.headers, *replayed, *limits)
    made: dict[str, Any] = {"description": answer.description, **({"headers": told} if told else {})}
    if answer.content and operation.method != "HEAD":
        made["content"] = answer.content
    found = links.of_answer(operation, answer.status, known)
    return {**made, "links": found} if found else made


def _bad(operation: Operation, group: list[problems.Kind], components: Components) -> dict[str, Any]:
    name, made = problems.name_of(group), problems.response(group)
    if operation.method == "HEAD":
        name = f"Head{name}"
        del made["content"]
    components.responses[name] = made
    return {"$ref": f"#/components/responses/{name}"}
