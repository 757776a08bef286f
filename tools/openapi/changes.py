"""What of one document breaks clients of another: operations, parameters, bodies and answers that were promised."""

from collections.abc import Iterator
from typing import Any

from tools.openapi import narrowing
from tools.openapi.references import written_out

Operation = dict[str, Any]


def breaking(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return one line for each thing that a client of *before* cannot do any more, or is not prepared for."""
    found = dict(_operations(after))
    return [line for label, each in _operations(before) for line in _of_operation(label, each, found.get(label))]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    """Yield each operation with its label: `GET /api/users`."""
    for path, methods in written_out(document)["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _of_operation(label: str, operation: Operation, found: Operation | None) -> Iterator[str]:
    if found is None:
        yield f"{label}: gone"
        return
    if found["operationId"] != operation["operationId"]:
        yield f"{label}: operationId is {found['operationId']} instead of {operation['operationId']}"
    # Most operations are as they were.
    for look in (_security, _inputs, _answers) if found != operation else ():
        yield from (f"{label}: {line}" for line in look(operation, found))


def _security(operation: Operation, found: Operation) -> Iterator[str]:
    allowed = operation["security"] or [{}]
    refused = [way for way in allowed if way not in (found["security"] or [{}])]
    if refused:
        yield f"needs {found['security']} instead of {operation['security']}"


def _inputs(operation: Operation, found: Operation) -> Iterator[str]:
    before, after = _parameters(operation), _parameters(found)
    for (place, name), parameter in before.items():
        if (place, name) not in after:
            yield f"{place} parameter {name} is gone"
            continue
        yield from narrowing.of_input(f"{place}.{name}", parameter["schema"], after[place, name]["schema"])
    for (place, name), parameter in after.items():
        if parameter.get("required") and not before.get((place, name), {}).get("required"):
            yield f"{place} parameter {name} is required now"
    yield from _body(operation.get("requestBody"), found.get("requestBody"))


def _parameters(operation: Operation) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["in"], each["name"]): each for each in operation.get("parameters", ())}


def _body(before: Any, after: Any) -> Iterator[str]:
    if after is None:
        yield from ("takes no body any more",) if before else ()
        return
    if after.get("required") and not (before or {}).get("required"):
        yield "a body is required now"
    for media_type, content in (before or {"content": {}})["content"].items():
        if media_type not in after["content"]:
            yield f"takes no {media_type} any more"
        else:
            yield from narrowing.of_input("body", content["schema"], after["content"][media_type]["schema"])


def _answers(operation: Operation, found: Operation) -> Iterator[str]:
    for status, answer in operation["responses"].items():
        after = found["responses"].get(status)
        if after is None:
            yield f"never answers {status} any more"
            continue
        gone = [name for name in answer.get("headers", {}) if name not in after.get("headers", {})]
        yield from (f"{status} has no {name} any more" for name in gone)
        yield from _content(status, answer.get("content", {}), after.get("content", {}))


def _content(status: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """Who does not know the code of an error goes by its status: new codes break nothing."""
    for media_type, content in before.items():
        if media_type not in after:
            yield f"{status} is never {media_type} any more"
        else:
            found = narrowing.of_output(status, content["schema"], after[media_type]["schema"])
            yield from (line for line in found if not (status >= "400" and line.endswith(narrowing.NEW_VALUES)))
