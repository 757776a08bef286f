"""Bodies and queries, validated by pydantic; problems name the field and never echo the value."""

from collections.abc import Callable
from types import UnionType
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from roster.api import body
from roster.api import event as events
from roster.api.event import Event
from roster.errors import FieldProblem, InvalidInputError

Model = TypeVar("Model", bound=BaseModel)


def body_reader(kind: Any) -> Callable[[Event], Any]:
    """Return a function that reads a JSON body as a model; where *kind* is `Model | None` it may be left out."""
    if isinstance(kind, UnionType):
        read = body_reader(get_args(kind)[0])
        return lambda event: read(event) if event.get("body") else None
    return lambda event: _validated(kind, body.read(event), "body")


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
