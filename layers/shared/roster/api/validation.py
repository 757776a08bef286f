"""Bodies and queries, validated by pydantic; problems name the field and never echo the value."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from roster.api import body
from roster.api import event as events
from roster.api.event import Event
from roster.errors import FieldProblem, InvalidInputError

Model = TypeVar("Model", bound=BaseModel)


def body_reader(model: type[Model]) -> Callable[[Event], Model]:
    """Return a function that reads a JSON body as *model*."""
    return lambda event: _validated(model, body.read(event), "body")


def query_reader(model: type[Model]) -> Callable[[Event], Model]:
    """Return a function that reads the query string as *model*; each parameter may be given once."""
    return lambda event: _validated(model, _single_values(event), "query")


def _single_values(event: Event) -> dict[str, str]:
    query = events.query(event)
    repeated = [name for name, values in query.items() if len(values) > 1]
    if repeated:
        raise InvalidInputError(
            *(FieldProblem(f"query.{body.printable(name)}", "repeated", "Give this once.") for name in repeated)
        )
    return {name: values[0] for name, values in query.items()}


def _validated(model: type[Model], value: Any, part: str) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise InvalidInputError(*(_problem(part, each["loc"], each["type"], each["msg"]) for each in found)) from None


def _problem(part: str, location: tuple[int | str, ...], code: str, message: str) -> FieldProblem:
    return FieldProblem(".".join((part, *(body.printable(str(step)) for step in location))), code, message)
