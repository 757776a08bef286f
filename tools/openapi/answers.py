"""What a handler's result type answers: `api/responses.py`, told instead of done."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

from roster.api import accept
from roster.api.results import Accepted, Cacheable, Created, Document, Page, Unhealthy, Written
from roster.infrastructure.health import Check, Health

from tools.openapi import examples, problems
from tools.openapi.project import Operation
from tools.openapi.schemas import Components, Schema

Content = dict[str, Any]

_PER_VERSION = ("ETag", "Cache-Control")
_DOWN = {"database": {"status": "down", "milliseconds": 2000.71}, "cache": {"status": "up", "milliseconds": 0.31}}


class Answer(NamedTuple):
    """A status with its headers and what may be its body, by media type."""

    status: int
    description: str
    content: Content
    headers: tuple[str, ...] = ()


def of_operation(operation: Operation, components: Components) -> list[Answer]:
    """Return the answers that the handler's return type stands for."""
    found: dict[int, Answer] = {}
    for each in _members(operation.signature["return"]):
        for answer in _of_one(each, components, operation):
            found[answer.status] = _either(found[answer.status], answer) if answer.status in found else answer
    return list(found.values())


def is_conditional(kind: Any) -> bool:
    """Return whether such a result has an ETag that a later request may name."""
    return any(get_origin(each) is Cacheable or _is_versioned(each) for each in _members(kind))


def _either(one: Answer, other: Answer) -> Answer:
    """Return the answer that is one or the other, where both have the same status."""
    bodies = [one.content[accept.JSON], other.content[accept.JSON]]
    told = {str(number): {"value": body["example"]} for number, body in enumerate(bodies, start=1)}
    return one._replace(
        content={accept.JSON: {"schema": {"anyOf": [body["schema"] for body in bodies]}, "examples": told}}
    )


def _members(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _of_one(kind: Any, components: Components, operation: Operation) -> Iterator[Answer]:
    origin, item = get_origin(kind), next(iter(get_args(kind)), None)
    if kind is None:
        yield Answer(204, "Done; there is nothing to tell.", {})
    elif kind is Accepted:
        yield Answer(202, "Accepted: it will be seen to.", _body(kind, components))
    elif kind is Unhealthy:
        yield Answer(503, "A vital part is down.", _unhealthy(components), ("Retry-After",))
    elif origin is Created:
        told = ("Location", *(_PER_VERSION if _is_versioned(item) else ()))
        yield Answer(201, "Created.", _body(item, components), told)
    elif origin is Page:
        yield Answer(200, "A page.", _page(item, components), ("Link",))
    else:
        yield from _readable(kind, item if origin is Cacheable else kind, components, operation)


def _readable(kind: Any, item: Any, components: Components, operation: Operation) -> Iterator[Answer]:
    told = _PER_VERSION if is_conditional(kind) else ()
    text = {media_type: {"schema": {"type": "string"}} for media_type in operation.media_types}
    body = text if item is Document else _body(dict[str, Any] if item is Written else item, components)
    yield Answer(200, "Found." if operation.is_read else "Done.", body, told)
    if told and operation.is_read:
        yield Answer(304, "The client has the newest version.", {}, told)


def _body(kind: Any, components: Components) -> Content:
    return _json(components.of_result(kind), examples.of_result(kind))


def _json(schema: Schema, example: Any) -> Content:
    return {accept.JSON: {"schema": schema, "example": example}}


def _is_versioned(kind: Any) -> bool:
    return is_dataclass(kind) and "version" in kind.__dataclass_fields__


def _page(item: Any, components: Components) -> Content:
    properties = {
        "items": {"type": "array", "items": components.of_result(item)},
        "next_cursor": {"type": ["string", "null"], "description": "Asks for the next page; null on the last one."},
    }
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    example = {"items": [examples.of_result(item)], "next_cursor": None}
    return _json(components.add(f"{item.__name__}Page", schema), example)


def _unhealthy(components: Components) -> Content:
    """The report stands beside the error; in a problem the status is that of the answer."""
    checks = {"type": "object", "additionalProperties": components.of_result(Check)}
    beside: dict[str, tuple[Schema, dict[str, Any]]] = {
        accept.JSON: (components.of_result(Health), {"status": "down", "checks": _DOWN}),
        accept.PROBLEM_JSON: ({"properties": {"checks": checks}, "required": ["checks"]}, {"checks": _DOWN}),
    }
    found = problems.content([problems.kinds()["unhealthy"]])
    return {media_type: _beside(found[media_type], *told) for media_type, told in beside.items()}


def _beside(body: dict[str, Any], schema: Schema, report: dict[str, Any]) -> dict[str, Any]:
    ((_, example),) = body["examples"].items()
    return {"schema": {"allOf": [*body["schema"]["allOf"], schema]}, "example": {**example["value"], **report}}
