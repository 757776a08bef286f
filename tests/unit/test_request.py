"""From an event to what a handler's signature asks for."""

from typing import Any

import pytest
from roster.api import request
from roster.api.problems import MethodNotAllowedError, RouteNotFoundError
from roster.api.request import IfMatch, SessionPath, UnknownRoute, UserPath
from roster.auth.caller import Caller
from roster.errors import InvalidInputError, RosterError, UnauthenticatedError
from roster.sessions.repository import SessionNotFoundError
from roster.users.repository import UserNotFoundError

from tests.builders import a_caller, a_session_id, an_admin, an_event

NO_IDS = [
    "", "0", "-1", "+1", "01", "abc", "1.5", "1e3", "0x1", "1_0", " 1", "1 ", "１", "٣", "²", "Me", "ME", "me ",
    "null", str(2**63), "1" + "0" * 30, "9" * 5000, "%31", "1/2", "..", "\0", "\ud800",
]  # fmt: skip


def read(kind: Any, event: dict[str, Any]) -> Any:
    return request.readers_of({"argument": kind})["argument"](event)


def at(user_id: object, caller: Caller | None = None) -> dict[str, Any]:
    return an_event(caller=caller) | {"pathParameters": {"user_id": user_id}}


@pytest.mark.parametrize("user_id", [1, 42, 2**63 - 1])
def test_an_id_is_a_positive_64_bit_integer(user_id: int) -> None:
    assert read(UserPath, at(str(user_id))) == UserPath(user_id)


@pytest.mark.parametrize("text", NO_IDS)
def test_anything_else_is_a_missing_user(text: str) -> None:
    with pytest.raises(UserNotFoundError):
        read(UserPath, at(text, an_admin()))


@pytest.mark.parametrize("value", [None, [], {}, ["1"], True, 1.5])
def test_a_path_parameter_of_another_type_is_a_missing_user(value: Any) -> None:
    with pytest.raises(UserNotFoundError):
        read(UserPath, at(value))


def test_me_is_the_caller() -> None:
    assert read(UserPath, at("me", a_caller(user_id=42))) == UserPath(42)


def test_me_without_a_caller_is_nobody() -> None:
    with pytest.raises(UnauthenticatedError):
        read(UserPath, at("me"))


def test_a_session_is_named_by_its_id() -> None:
    path = f"/api/auth/sessions/{a_session_id()}"
    assert read(SessionPath, an_event("DELETE", path)) == SessionPath(a_session_id())


@pytest.mark.parametrize(
    "text", ["", "me", "1", a_session_id().upper(), a_session_id()[:-1], a_session_id() + "0", "\0", "é"]
)
def test_anything_else_is_a_missing_session(text: str) -> None:
    with pytest.raises(SessionNotFoundError):
        read(SessionPath, an_event() | {"pathParameters": {"session_id": text}})


def test_if_match_is_about_the_user_of_the_path() -> None:
    assert read(IfMatch, an_event(headers={"If-Match": '"7-3"'})).versions(7) == {3}
    assert read(IfMatch, an_event()).versions(7) is None


def test_a_query_that_nobody_asked_for_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        request.refuse_query(an_event(query={"role": "admin", "x\r\ny": "s3cret"}))
    assert [problem.field for problem in refusal.value.problems] == ["query.role", "query.x??y"]
    assert "s3cret" not in str(refusal.value.problems)


@pytest.mark.parametrize("query", [None, {}])
def test_no_query_is_fine(query: dict[str, str] | None) -> None:
    request.refuse_query(an_event(query=query))


@pytest.mark.parametrize(
    ("resource", "error"),
    [("/api/users", MethodNotAllowedError), ("/{proxy+}", RouteNotFoundError), ("", RouteNotFoundError)],
)
def test_an_unknown_method_is_told_from_an_unknown_path(resource: str, error: type[RosterError]) -> None:
    assert type(UnknownRoute(resource).error()) is error


def test_an_argument_that_nobody_can_read_fails_at_import() -> None:
    with pytest.raises(TypeError, match="colour"):
        request.readers_of({"colour": int})


def test_what_a_handler_returns_is_not_read() -> None:
    assert request.readers_of({"return": UserPath}) == {}
