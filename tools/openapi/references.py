"""Documents and schemas written out: references followed, compositions merged."""

from typing import Any

Schema = dict[str, Any]


def written_out(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with what it refers to in place of each reference."""
    known: dict[str, Any] = {}

    def followed(value: Any) -> Any:
        if isinstance(value, list):
            return [followed(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "$ref" not in value:
            return {name: followed(each) for name, each in value.items()}
        if value["$ref"] not in known:
            known[value["$ref"]] = followed(_found(document, value["$ref"]))
        return known[value["$ref"]]

    whole: dict[str, Any] = followed(document)
    return whole


def merged(schema: Schema) -> Schema:
    """Return a schema that is written out with what it is composed of by `allOf` in one."""
    whole: Schema = {name: value for name, value in schema.items() if name != "allOf"}
    for part in schema.get("allOf", ()):
        whole = _together(whole, merged(part))
    return whole


def _found(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _together(one: Schema, other: Schema) -> Schema:
    both = {**one, **other}
    if "properties" in one and "properties" in other:
        shared = one["properties"].keys() & other["properties"].keys()
        inner = {name: _together(one["properties"][name], other["properties"][name]) for name in shared}
        both["properties"] = {**one["properties"], **other["properties"], **inner}
    if "required" in one and "required" in other:
        both["required"] = list(dict.fromkeys([*one["required"], *other["required"]]))
    return both
