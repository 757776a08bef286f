"""Where tokens are looked at: the authorizer, and the handler of a public route that verifies a token by itself."""

import contextlib
import io
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

from tests.builders import a_context, an_event
from tests.functions import handler_of

Door = Callable[[str], bool]
"""Tells whether it let the token in; fails if it did anything but let in or refuse."""

_ARN = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/dev/GET/api/users"
_BOB = {"email": "bob@example.com", "name": "Bob", "password": "a harbour at midnight"}
_REGISTRATION: dict[str, Any] = an_event("POST", "/api/users", body=_BOB)


def authorizer(token: str) -> bool:
    event = {"type": "TOKEN", "methodArn": _ARN, "authorizationToken": f"Bearer {token}"}
    try:
        policy = handler_of("authorize_request")(event, a_context())
    except Exception as error:
        if str(error) == "Unauthorized":
            return False
        raise
    assert policy["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    return True


def registration(token: str) -> bool:
    """Ask to add a user where registration is closed: 403 tells a known caller, so it counts as let in."""
    headers = {"Authorization": f"Bearer {token}"}
    event = _REGISTRATION | {"headers": headers, "multiValueHeaders": {"Authorization": list(headers.values())}}
    status = handler_of("create_user")(event, a_context())["statusCode"]
    assert status in (201, 401, 403, 409), status
    return bool(status != 401)


DOORS: dict[str, Door] = {"authorizer": authorizer, "registration": registration}


def let_in(door: Door, tokens: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names of the tokens that the door let in."""
    with silence():
        return [name for name, token in tokens if door(token)]


def kept_out(door: Door, tokens: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names of the tokens that the door refused."""
    with silence():
        return [name for name, token in tokens if not door(token)]


def silence() -> AbstractContextManager[object]:
    """Return a context in which what is logged goes nowhere."""
    return contextlib.redirect_stdout(_Nowhere())


class _Nowhere(io.StringIO):
    """Where the log of so many requests goes."""

    def write(self, text: str) -> int:
        return len(text)
