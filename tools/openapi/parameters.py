"""What a request carries besides its body: ids in the path, the query, the headers that a handler reads."""

import re
from typing import Any

from pydantic import BaseModel
from roster.api import cursors, idempotency
from roster.api.request import IfMatch
from roster.idempotency.models import IdempotencyKey
from roster.sessions import models as sessions

from tools.openapi import schemas
from tools.openapi.project import Operation

Parameter = dict[str, Any]

_ID = {"type": "string", "pattern": "^[1-9][0-9]{0,18}$"}
_BY_NAME: dict[str, Parameter] = {
    "user_id": {
        "description": "The id of a user, or `me` for the caller.",
        "schema": {"type": "string", "pattern": "^(me|[1-9][0-9]{0,18})$"},
        "example": "me",
    },
    "order_id": {"description": "The id of an order of that user.", "schema": _ID, "example": "7"},
    "session_id": {
        "description": "The id of one of the caller's sessions.",
        "schema": {"type": "string", "format": "uuid", "pattern": f"^{sessions.ID_PATTERN}$"},
        "example": "b7f0a1c2-0000-4000-8000-000000000001",
    },
    "file": {"description": "The name of a file.", "schema": {"type": "string"}, "example": "init.js"},
}
_CURSOR = {"type": "string", "minLength": 1, "maxLength": cursors.LENGTH_MAX}


def _in_header(name: str, description: str, schema: dict[str, Any], example: str) -> Parameter:
    return {"name": name, "in": "header", "description": description, "schema": schema, "example": example}


def _tags(name: str, consequence: str) -> Parameter:
    return _in_header(name, f"Entity tags, as in `ETag`, or `*`: if {consequence}.", {"type": "string"}, '"1-3"')


_IF_MATCH = _tags("If-Match", "none of them is current the answer is 412")
_IF_NONE_MATCH = _tags("If-None-Match", "one of them is current the answer is 304")
_IDEMPOTENCY_KEY = _in_header(
    "Idempotency-Key",
    "Chosen by the client: sent again within 24 hours with the same body it gets the first answer.",
    {"type": "string", "pattern": idempotency.PATTERN},
    "0d5b7f6e-3c1a-4f0b-9e0e-6a3d8c2b1f47",
)


def of_operation(operation: Operation, *, is_conditional: bool) -> list[Parameter]:
    """Return its parameters; where it *is_conditional* it answers who has the newest version already."""
    is_read_on_condition = is_conditional and operation.is_read
    headers = [_IF_NONE_MATCH] if is_read_on_condition else []
    headers += [_IF_MATCH] if is_read_on_condition or IfMatch in operation.signature.values() else []
    headers += [_IDEMPOTENCY_KEY] if takes_idempotency_key(operation) else []
    return [*map(_in_path, names_in(operation.path)), *_in_query(operation), *headers]


def names_in(path: str) -> list[str]:
    return re.findall(r"{(\w+)}", path)


def takes_idempotency_key(operation: Operation) -> bool:
    return IdempotencyKey in operation.signature.values()


def filters_of(operation: Operation) -> list[str]:
    """Return the parameters that choose and sort what a list holds."""
    return [each["name"] for each in _in_query(operation) if each["name"] not in ("limit", "cursor")]


def _in_path(name: str) -> Parameter:
    words = {"description": f"The {name.replace('_', ' ')}.", "schema": _ID, "example": "1"}
    return {"name": name, "in": "path", "required": True, **_BY_NAME.get(name, words)}


def _in_query(operation: Operation) -> list[Parameter]:
    model = operation.signature.get("query")
    if model is None:
        return []
    assert issubclass(model, BaseModel)
    schema = schemas.fields_of(model)
    return [
        _of_query(name, each, is_required=name in schema.get("required", ()))
        for name, each in schema["properties"].items()
    ]


def _of_query(name: str, schema: dict[str, Any], *, is_required: bool) -> Parameter:
    told = {"description": schema["description"]} if "description" in schema else {}
    shown = {key: value for key, value in schema.items() if key != "description"}
    if name == "cursor":
        told = {"description": "The `next_cursor` of the page before, asked for with the same filters; opaque."}
        shown = dict(_CURSOR)
    return {"name": name, "in": "query", **told, **({"required": True} if is_required else {}), "schema": shown}
