"""Who sent a request, and where from."""

from typing import Any

import pytest
from roster.api import identity
from roster.api.identity import caller_of, client_of
from roster.auth.caller import Caller
from roster.auth.client import Client
from roster.errors import UnauthenticatedError

from tests.builders import a_caller, an_admin, an_event


def authorized(**context: Any) -> dict[str, Any]:
    return an_event() | {"requestContext": {"authorizer": {"sub": "1", "role": "user", "sid": "s"} | context}}


def shown(**values: Any) -> list[str]:
    """Return the tokens that a public handler, which knows callers, has verified."""
    seen: list[str] = []

    def verify(token: str) -> Caller:
        seen.append(token)
        return a_caller()

    read, name = identity.reader_of({"someone": Caller | None}, verify)
    caller = read(an_event(**values))
    assert name == "someone"
    assert (caller == a_caller()) == bool(seen)
    return seen


def test_a_handler_that_asks_for_no_caller_gets_none() -> None:
    read, name = identity.reader_of({"path": int}, None)
    assert (read(an_event(caller=a_caller())), name) == (None, None)


def test_a_public_handler_has_to_say_who_verifies_tokens() -> None:
    with pytest.raises(TypeError, match="verifies"):
        identity.reader_of({"caller": Caller | None}, None)


@pytest.mark.parametrize("caller", [a_caller(), an_admin(), a_caller(user_id=2**63 - 1, session_id="another")])
def test_the_caller_is_who_the_authorizer_named(caller: Caller) -> None:
    assert caller_of(an_event(caller=caller)) == caller


@pytest.mark.parametrize("name", ["sub", "role", "sid"])
@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, ["user"], {"a": 1}])
def test_a_caller_with_a_field_of_another_type_is_nobody(name: str, value: Any) -> None:
    with pytest.raises(UnauthenticatedError):
        caller_of(authorized(**{name: value}))


@pytest.mark.parametrize(
    "subject", ["", "0", "-1", "01", "abc", "1.5", "1e3", " 1", "１", "²", "me", str(2**63), "9" * 5000, "\ud800"]
)
def test_a_caller_without_an_id_is_nobody(subject: str) -> None:
    with pytest.raises(UnauthenticatedError):
        caller_of(authorized(sub=subject))


@pytest.mark.parametrize("role", ["", "Admin", "root", "user,admin"])
def test_a_caller_in_an_unknown_role_is_nobody(role: str) -> None:
    with pytest.raises(UnauthenticatedError):
        caller_of(authorized(role=role))


@pytest.mark.parametrize(("header", "token"), [("Bearer a.b.c", "a.b.c"), ("bEARER  a.b.c ", "a.b.c"), ("Bearer", "")])
def test_a_bearer_token_is_what_follows_the_scheme(header: str, token: str) -> None:
    assert shown(headers={"authorization": header}) == [token]


def test_no_authorization_header_is_no_token() -> None:
    assert shown() == []


@pytest.mark.parametrize("header", ["", "Basic YTpi", "a.b.c", "Token a.b.c", "Bearer\ta.b.c", "Bearera.b.c"])
def test_another_scheme_is_refused(header: str) -> None:
    with pytest.raises(UnauthenticatedError):
        shown(headers={"authorization": header})


def test_a_client_is_the_other_end_of_the_connection_whatever_headers_say() -> None:
    headers = {"User-Agent": "curl/8.0", "X-Forwarded-For": "198.51.100.1"}
    assert client_of(an_event(headers=headers)) == Client("203.0.113.7", "curl/8.0")


@pytest.mark.parametrize(
    ("agent", "kept"), [("a\r\nb\0\ud800\t", "a??b???"), ("x" * 5000, "x" * 256), ("Zürich", "Zürich"), ("", "")]
)
def test_what_a_client_calls_itself_is_kept_short_and_printable(agent: str, kept: str) -> None:
    assert client_of(an_event(headers={"user-agent": agent})).user_agent == kept


@pytest.mark.parametrize("identity", [None, {}, [], "x", {"sourceIp": None}])
def test_a_client_without_an_address_has_none(identity: Any) -> None:
    assert client_of({"requestContext": {"identity": identity}}) == Client("", "")
