"""Whether a schema takes less than another did, or may answer more: what breaks who sends, and who reads."""

from collections.abc import Iterator
from math import inf
from typing import Any

from tools.openapi.references import Schema, merged

_LEAST = ("minimum", "minLength", "minItems", "exclusiveMinimum")
_MOST = ("maximum", "maxLength", "maxItems", "exclusiveMaximum")
NEW_VALUES = "may have new values"
_EXACT = ("pattern", "format", "const")


def of_input(where: str, before: Schema, after: Schema) -> Iterator[str]:
    """Yield what a client may not send any more."""
    one, other = merged(before), merged(after)
    yield from _less(where, one, other)
    names, now = one.get("properties", {}), other.get("properties", {})
    for name in other.get("required", ()):
        if name not in one.get("required", ()):
            yield f"{where}.{name} is required now"
    for name, schema in names.items():
        if name not in now:
            yield f"{where}.{name} is not taken any more"
        else:
            yield from of_input(f"{where}.{name}", schema, now[name])
    if "items" in one and "items" in other:
        yield from of_input(f"{where}[]", one["items"], other["items"])


def of_output(where: str, before: Schema, after: Schema) -> Iterator[str]:
    """Yield what a client is not told any more, or is told that it cannot be prepared for."""
    one, other = merged(before), merged(after)
    yield from _more(where, one, other)
    names, now = one.get("properties", {}), other.get("properties", {})
    for name, schema in names.items():
        if name not in now:
            yield f"{where}.{name} is gone"
            continue
        if name in one.get("required", ()) and name not in other.get("required", ()):
            yield f"{where}.{name} may be left out now"
        yield from of_output(f"{where}.{name}", schema, now[name])
    if "items" in one and "items" in other:
        yield from of_output(f"{where}[]", one["items"], other["items"])
    yield from _choices(where, one, other)


def _choices(where: str, one: Schema, other: Schema) -> Iterator[str]:
    """Compare what may be one thing or another: each that is told now has to be as one that was told before."""
    before = one.get("anyOf", [one] if "anyOf" in other else [])
    for number, choice in enumerate(other.get("anyOf", [other] if "anyOf" in one else []), start=1):
        if before and all(any(of_output(where, each, choice)) for each in before):
            yield f"{where} may be something new (choice {number})"


def _less(where: str, one: Schema, other: Schema) -> Iterator[str]:
    if _types(other) and not (_types(one) and _types(one) <= _types(other)):
        yield f"{where} is of another type"
    if "enum" in other and not set(one.get("enum", [None])) <= set(other["enum"]):
        yield f"{where} takes fewer values"
    yield from (f"{where} has another {name}" for name in _EXACT if name in other and other[name] != one.get(name))
    yield from (f"{where} has a higher {name}" for name in _LEAST if name in other and _bound(one, name) < other[name])
    yield from (f"{where} has a lower {name}" for name in _MOST if name in other and _bound(one, name) > other[name])
    if other.get("additionalProperties") is False and one.get("additionalProperties", True) is not False:
        yield f"{where} takes no other fields any more"


def _more(where: str, one: Schema, other: Schema) -> Iterator[str]:
    if _types(one) and not (_types(other) and _types(other) <= _types(one)):
        yield f"{where} is of another type"
    if "enum" in one and not set(other.get("enum", [None])) <= set(one["enum"]):
        yield f"{where} {NEW_VALUES}"
    yield from (f"{where} has another {name}" for name in _EXACT if name in one and one[name] != other.get(name))


def _bound(schema: Schema, name: str) -> float:
    bound: float = schema.get(name, -inf if name in _LEAST else inf)  # a whole number stays one: 2^63 - 1 is no float
    return bound


def _types(schema: Schema) -> frozenset[Any]:
    """Return the types that a value may have; none if nothing is said of them."""
    if "anyOf" in schema:
        return frozenset(found for each in schema["anyOf"] for found in _types(each))
    told = schema.get("type", [])
    return frozenset(told if isinstance(told, list) else [told])
