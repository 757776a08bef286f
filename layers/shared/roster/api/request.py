"""From an event to the values that a handler's signature asks for."""

from collections.abc import Callable
from typing import Any, NamedTuple

from roster.api import conditions, idempotency, identity, routes
from roster.api import event as events
from roster.api.body import printable
from roster.api.event import Event
from roster.api.problems import MethodNotAllowedError, RouteNotFoundError
from roster.auth.caller import parse_id
from roster.auth.client import Client
from roster.errors import FieldProblem, InvalidInputError, RosterError
from roster.idempotency.models import IdempotencyKey
from roster.orders.repository import OrderNotFoundError
from roster.sessions.models import is_id
from roster.sessions.repository import SessionNotFoundError
from roster.users.repository import UserNotFoundError

Reader = Callable[[Event], Any]


class UserPath(NamedTuple):
    """`/api/users/{user_id}/…`; `me` stands for the caller."""

    user_id: int


class OrderPath(NamedTuple):
    """`/api/users/{user_id}/orders/{order_id}`; `me` stands for the caller."""

    user_id: int
    order_id: int


class SessionPath(NamedTuple):
    """`/api/auth/sessions/{session_id}`."""

    session_id: str


class PagePath(NamedTuple):
    """The path of a page: what its relative links mean depends on how it ends."""

    ends_in_slash: bool


class FilePath(NamedTuple):
    """`/api/docs/{file}`."""

    name: str


class IfMatch(NamedTuple):
    """The conditions of a write: its `If-Match` and its `If-None-Match` header."""

    header: str | None
    none_match: str | None = None

    def versions(self, identity: int) -> frozenset[int] | None:
        """Return the versions that the write may meet, None for any; with If-None-Match it may meet none."""
        wanted = conditions.versions(self.header, identity)
        return wanted if self.none_match is None else conditions.no_version(self.none_match)


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
    asked = {name: kind for name, kind in signature.items() if name != "return" and kind not in identity.CALLERS}
    return {name: _reader_of(name, kind) for name, kind in asked.items()}


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


def _user_path(event: Event) -> UserPath:
    text = events.path_parameter(event, "user_id")
    if text == "me":
        return UserPath(identity.caller_of(event).user_id)
    user_id = parse_id(text)
    if user_id is None:
        raise UserNotFoundError
    return UserPath(user_id)


def _order_path(event: Event) -> OrderPath:
    user_id, order_id = _user_path(event).user_id, parse_id(events.path_parameter(event, "order_id"))
    if order_id is None:
        raise OrderNotFoundError
    return OrderPath(user_id, order_id)


def _session_path(event: Event) -> SessionPath:
    session_id = events.path_parameter(event, "session_id")
    if not is_id(session_id):
        raise SessionNotFoundError
    return SessionPath(session_id)


_READERS: dict[Any, Reader] = {
    UserPath: _user_path,
    OrderPath: _order_path,
    SessionPath: _session_path,
    PagePath: lambda event: PagePath(events.path(event).endswith("/")),
    FilePath: lambda event: FilePath(events.path_parameter(event, "file")),
    Client: identity.client_of,
    IfMatch: lambda event: IfMatch(events.header(event, "if-match"), events.header(event, "if-none-match")),
    IdempotencyKey: idempotency.key_of,
    UnknownRoute: lambda event: UnknownRoute(events.resource(event)),
}
