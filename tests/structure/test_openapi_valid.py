"""The document is OpenAPI 3.1, by the schema of 2022-10-07 of the OpenAPI Initiative, and JSON Schema 2020-12."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tools.openapi import document

DOCUMENT: dict[str, Any] = json.loads(document.PATH.read_text("utf-8"))
OPENAPI = jsonschema_rs.Draft202012Validator(
    json.loads(Path(__file__).with_name("openapi-3.1-schema.json").read_text("utf-8"))
)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
FAULTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another version": lambda found: found.update(openapi="3.0.3"),
    "an answer without words": lambda found: get_user(found)["responses"]["200"].pop("description"),
    "no answer": lambda found: get_user(found).update(responses=[]),
    "a parameter at no place": lambda found: get_user(found)["parameters"][0].update({"in": "cookies"}),
    "a parameter of the path that may be left out": lambda found: get_user(found)["parameters"][0].pop("required"),
    "a field of our own": lambda found: get_user(found).update(limits={}),
}


def get_user(found: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = found["paths"]["/api/users/{user_id}"]["get"]
    return operation


def test_it_is_openapi() -> None:
    assert [error.message for error in OPENAPI.iter_errors(DOCUMENT)] == []


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_not_openapi_is_found(name: str) -> None:
    faulty = copy.deepcopy(DOCUMENT)
    FAULTS[name](faulty)
    assert not OPENAPI.is_valid(faulty)


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_its_schemas_are_json_schema(name: str) -> None:
    jsonschema_rs.meta.validate({"$schema": DIALECT, **DOCUMENT["components"]["schemas"][name]})


def test_what_is_not_json_schema_is_found() -> None:
    assert not jsonschema_rs.meta.is_valid({"$schema": DIALECT, "type": "text"})
