"""Schemas of the OpenAPI document: what pydantic says of our types, less what is not so, and more that is."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

import pytest
from pydantic import BeforeValidator, Field
from roster.auth.inputs import Input, absent

from tools.openapi.schemas import Components, fields_of


@dataclass(frozen=True, slots=True)
class Wheel:
    spokes: int
    made_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Bicycle:
    """Two wheels."""

    wheels: list[Wheel]
    colour: Literal["red", "black"] = "red"
    bell: str | None = None
    tags: list[str] = field(default_factory=list)


class Ride(Input):
    distance: Annotated[int, BeforeValidator(int), Field(ge=1, le=500)] = 10
    start: datetime = absent()


def schema_of(name: str) -> dict[str, object]:
    components = Components()
    assert components.of_result(Bicycle) == {"$ref": "#/components/schemas/Bicycle"}
    return components.schemas[name]


def test_every_field_of_an_answer_is_there_and_none_has_a_default() -> None:
    bicycle = schema_of("Bicycle")
    assert bicycle["required"] == ["wheels", "colour", "bell", "tags"]
    assert "default" not in str(bicycle)
    assert bicycle["description"] == "Two wheels."


def test_what_headers_tell_is_in_no_answer_nor_is_a_text_that_nobody_wrote() -> None:
    wheel = schema_of("Wheel")
    assert wheel["required"] == ["spokes", "made_at"]
    assert "description" not in wheel


def test_times_in_answers_are_in_utc_to_the_millisecond_and_those_of_clients_as_they_like() -> None:
    properties = schema_of("Wheel")["properties"]
    assert isinstance(properties, dict)
    assert properties["made_at"]["pattern"].endswith(r"\.\d{3}Z$")
    assert fields_of(Ride)["properties"]["start"] == {"format": "date-time", "type": "string"}


def test_inputs_are_closed_and_what_may_be_left_out_has_no_null() -> None:
    ride = fields_of(Ride)
    assert ride["additionalProperties"] is False
    assert ride["properties"]["distance"] == {"default": 10, "minimum": 1, "maximum": 500, "type": "integer"}
    assert "required" not in ride


def test_a_name_stands_for_one_schema() -> None:
    components = Components()
    components.of_result(Bicycle)
    with pytest.raises(ValueError, match="Two schemas are called Bicycle"):
        components.add("Bicycle", {"type": "object"})
