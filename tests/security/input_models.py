"""Every model that a client fills in, found by itself, and which JSON types each of its fields takes."""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import ValidationError
from roster.auth.inputs import Input

from tests.functions import FOLDER

_ROSTER = FOLDER.parent / "layers" / "shared" / "roster"
_PYTHON = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
# One value of each kind that JSON, or a careless client, has.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 1.0, 0.5, "", "1", "true", "null", "admin", [], [1], ["admin"], [[]], {}, {"$ne": None},
)  # fmt: skip


@cache
def all_of_them() -> dict[str, type[Input]]:
    """Return the models by name."""
    for file in [*_ROSTER.glob("*/inputs.py"), *_ROSTER.glob("api/*.py")]:
        importlib.import_module(f"roster.{file.parent.name}.{file.stem}")
    return {model.__name__: model for model in _below(Input)}


def _below(model: type[Input]) -> Iterator[type[Input]]:
    for each in model.__subclasses__():
        if each.__module__.startswith("roster."):
            yield each
            yield from _below(each)


def bodies() -> list[type[Input]]:
    return [model for name, model in all_of_them().items() if not name.endswith("Query")]


def of_handler(stem: str, part: str) -> set[str]:
    """Return the fields of the body or the query that a handler reads."""
    found = re.search(rf"\b{part}: (\w+)", (FOLDER / stem / "app.py").read_text("utf-8"))
    return set(all_of_them()[found[1]].model_fields) if found else set()


def takes_unknown(model: type[Input], names: list[str]) -> list[str]:
    """Return the names, other than those of its fields, that the model does not refuse by name."""
    return [
        name
        for name in names
        if name not in model.model_fields and ("extra_forbidden", name) not in _found(model, {name: 1})
    ]


def takes_mistyped(model: type[Input]) -> list[str]:
    """Return the fields that take a value of a type that is none of theirs, each with that value."""
    schema = model.model_json_schema()
    return [
        f"{name}: {value!r}"
        for name, described in schema.get("properties", {}).items()
        for value in VALUES
        if type(value) not in _types(described, schema)
        and name not in {field for _, field in _found(model, {name: value})}
    ]


def _found(model: type[Input], fields: dict[str, Any]) -> set[tuple[str, str]]:
    """Return code and field of each thing that is wrong, but for what is missing."""
    try:
        model.model_validate(fields)
    except ValidationError as error:
        return {
            (each["type"], str(each["loc"][0])) for each in error.errors() if each["type"] != "missing" and each["loc"]
        }
    return set()


def _types(described: dict[str, Any], schema: dict[str, Any]) -> set[type]:
    """Return the types of Python that a property takes, by its JSON Schema."""
    if "$ref" in described:
        return _types(schema["$defs"][described["$ref"].rsplit("/", 1)[1]], schema)
    if "anyOf" in described:
        return {each for choice in described["anyOf"] for each in _types(choice, schema)}
    values = [described["const"]] if "const" in described else described.get("enum")
    return {type(value) for value in values} if values else {_PYTHON[described["type"]]}
