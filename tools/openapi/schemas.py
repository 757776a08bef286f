"""JSON Schemas of what goes in and out, made by pydantic of inputs and results, collected as named components."""

import inspect
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter
from roster.api.plain import TOLD_BY_HEADERS

Schema = dict[str, Any]

_AT = "#/components/schemas/"
# What pydantic calls the bounds of a number that is read from text first.
_BOUNDS = {"ge": "minimum", "le": "maximum"}
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"


class Components:
    """The named schemas and responses of one document."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}
        self.responses: dict[str, dict[str, Any]] = {}

    def add(self, name: str, schema: Schema) -> Schema:
        """
        Keep *schema* under that name, and return a reference to it.

        Raises:
            ValueError: If another one has the name.
        """
        if self.schemas.setdefault(name, schema) != schema:
            raise ValueError(f"Two schemas are called {name}: rename one of the types.")
        return {"$ref": _AT + name}

    def of_input(self, model: type[BaseModel]) -> Schema:
        """Return a reference to what clients may send as *model*."""
        return self._hoisted(model.__name__, fields_of(model))

    def of_result(self, kind: Any) -> Schema:
        """Return the schema of what a handler returns: a reference where it is a class of ours."""
        made = TypeAdapter(kind).json_schema(mode="serialization", ref_template=_AT + "{model}")
        nested = {name: _result(name, each) for name, each in made.pop("$defs", {}).items()}
        for name, each in nested.items():
            self.add(name, each)
        return self.add(kind.__name__, _result(kind.__name__, made)) if inspect.isclass(kind) else _plain(made)

    def _hoisted(self, name: str, schema: Schema) -> Schema:
        for inner, each in schema.pop("$defs", {}).items():
            self.add(inner, each)
        return self.add(name, schema)


def fields_of(model: type[BaseModel]) -> Schema:
    """Return the schema of *model* by itself."""
    schema: Schema = _plain(model.model_json_schema(ref_template=_AT + "{model}"))
    return schema


def _result(name: str, schema: Schema) -> Schema:
    """Return *schema* as it is answered: every field is there, but those that headers tell."""
    shown: Schema = _to_the_millisecond(_plain(schema))
    if shown.get("description", "").startswith(f"{name}("):
        del shown["description"]
    shown["properties"] = {
        field: {key: value for key, value in each.items() if key != "default"}
        for field, each in shown["properties"].items()
        if field not in TOLD_BY_HEADERS
    }
    return shown | {"required": list(shown["properties"])}


def _to_the_millisecond(schema: Any) -> Any:
    """Return *schema* with times as answers have them."""
    if isinstance(schema, list):
        return [_to_the_millisecond(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "date-time":
        return {**schema, "pattern": _TIME}
    return {name: _to_the_millisecond(each) for name, each in schema.items()}


def _plain(schema: Any) -> Any:
    """Return *schema* without what says nothing: titles, and nulls as the defaults of what may be left out."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {_BOUNDS.get(key, key): _inner(key, value) for key, value in schema.items() if not _is_noise(key, value)}
    return found | {"format": "int64"} if found.get("type") == "integer" and "maximum" not in found else found


def _inner(key: str, value: Any) -> Any:
    if key in ("properties", "$defs"):
        return {name: _plain(each) for name, each in value.items()}
    return value if key in ("examples", "enum", "default", "required") else _plain(value)


def _is_noise(key: str, value: object) -> bool:
    return key == "title" or (key == "default" and value is None)
