"""From an event to the values that a handler's signature asks for."""

from collections.abc import Callable
from typing import Any, NamedTuple

from roster.api import conditions, routes
from roster.api import event as events
from roster.api.body import printable
from roster.api.event import Event
from roster.api.problems import MethodNotAllowedError, RouteNotFoundError
from roster.auth.caller import Caller, parse_id
from roster.errors import FieldProblem, InvalidInputError, RosterError, UnauthenticatedError
from roster.users.repository import UserNotFoundError

Reader = Callable[[Event], Any]


class UserPath(NamedTuple):
    """`/api/users/{user_id}/…`; `me` stands for the caller."""

    user_id: int


class BearerToken(NamedTuple):
    """The token of an `Authorization` header on a public route, where no authorizer has looked at it."""

    text: str


class IfMatch(NamedTuple):
    """The `If-Match` header of a request about one user."""

    header: str | None

    def versions(self, identity: int) -> frozenset[int] | None:
        return conditions.versions(self.header, identity)


class UnknownRoute(NamedTuple):
    """A path or a method that no function answers."""

    resource: str

    def error(self) -> RosterError:
        allowed = routes.allowed(self.resource)
        return MethodNotAllowedError(allowed) if allowed else RouteNotFoundError()


def readers_of(signature: dict[str, Any]) -> dict[str, Reader]:
    """
    Return how to read each argument of a handler, by its name.

    A handler that asks for no query refuses any; `body` and `query` are pydantic models.

    Raises:
        TypeError: At import, if nothing is known about an argument's type.
    """
    return {name: _reader_of(name, kind) for name, kind in signature.items() if name != "return"}


def refuse_query(event: Event) -> None:
    """
    Refuse every query parameter.

    Raises:
        InvalidInputError: Names each one.
    """
    names = events.query(event)
    if names:
        raise InvalidInputError(*(unknown_parameter(name) for name in names))


def unknown_parameter(name: str) -> FieldProblem:
    return FieldProblem(f"query.{printable(name)}", "extra_forbidden", "This parameter is not known.")


def _reader_of(name: str, kind: Any) -> Reader:
    if kind in _READERS:
        return _READERS[kind]
    if name in ("body", "query"):
        from roster.api import validation  # noqa: PLC0415 (loads pydantic; a handler without a model never needs it)

        return validation.body_reader(kind) if name == "body" else validation.query_reader(kind)
    raise TypeError(f"Nobody knows how to read {name}: {kind} from a request.")


def _caller(event: Event) -> Caller:
    """Read what the authorizer said; API Gateway hands it on as strings."""
    context = events.authorizer(event)
    subject, role, session_id = (context.get(name) for name in ("sub", "role", "sid"))
    if not (isinstance(subject, str) and isinstance(session_id, str) and role in ("user", "admin")):
        raise UnauthenticatedError
    user_id = parse_id(subject)
    if user_id is None:
        raise UnauthenticatedError
    return Caller(user_id, role, session_id)


def _user_path(event: Event) -> UserPath:
    text = events.path_parameter(event, "user_id")
    if text == "me":
        return UserPath(_caller(event).user_id)
    user_id = parse_id(text)
    if user_id is None:
        raise UserNotFoundError
    return UserPath(user_id)


def _bearer_token(event: Event) -> BearerToken | None:
    header = events.header(event, "authorization")
    return None if header is None else BearerToken(events.bearer_token(header))


_READERS: dict[Any, Reader] = {
    Caller: _caller,
    UserPath: _user_path,
    BearerToken | None: _bearer_token,
    IfMatch: lambda event: IfMatch(events.header(event, "if-match")),
    UnknownRoute: lambda event: UnknownRoute(events.resource(event)),
}
