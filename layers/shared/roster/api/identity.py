"""Who sent a request: the caller behind its token, and where it came from."""

from collections.abc import Callable
from typing import Any

from roster.api import event as events
from roster.api.event import Event
from roster.auth.caller import Caller, parse_id
from roster.auth.client import Client
from roster.errors import UnauthenticatedError
from roster.infrastructure.origin import Origin

Verify = Callable[[str], Caller]

CALLERS = (Caller, Caller | None)
"""How a handler's signature asks for the caller."""

_USER_AGENT_LENGTH_MAX = 256


def reader_of(signature: dict[str, Any], verify: Verify | None) -> tuple[Callable[[Event], Caller | None], str | None]:
    """
    Return how to tell who sent a request, and the name of the argument for the caller, if the handler has one.

    Raises:
        TypeError: At import, if callers are optional and nobody says how to verify their tokens.
    """
    name = next((name for name, kind in signature.items() if kind in CALLERS), None)
    if name is None:
        return _nobody, None
    if signature[name] is Caller:
        return caller_of, name
    if verify is None:
        raise TypeError("Callers on a public route need somebody who verifies their tokens.")
    return lambda event: _bearer(event, verify), name


def caller_of(event: Event) -> Caller:
    """
    Read what the authorizer said; API Gateway hands it on as strings.

    Raises:
        UnauthenticatedError: If it said nothing.
    """
    context = events.authorizer(event)
    subject, role, session_id = (context.get(name) for name in ("sub", "role", "sid"))
    if not (isinstance(subject, str) and isinstance(session_id, str) and role in ("user", "admin")):
        raise UnauthenticatedError
    user_id = parse_id(subject)
    if user_id is None:
        raise UnauthenticatedError
    return Caller(user_id, role, session_id)


def named_user(event: Event, caller: Caller | None) -> int | None:
    """Return the id of the user in the path, `me` being the caller; None where it spells none."""
    text = events.path_parameter(event, "user_id")
    return caller.user_id if caller and text == "me" else parse_id(text)


def _nobody(_: Event) -> None:
    return None


def _bearer(event: Event, verify: Verify) -> Caller | None:
    """Read who sent a request that no authorizer has looked at; nobody has to say."""
    header = events.header(event, "authorization")
    return None if header is None else verify(events.bearer_token(header))


def client_of(event: Event) -> Client:
    """Return the other end; what it says of itself is cut short and made printable."""
    agent = (events.header(event, "user-agent") or "")[:_USER_AGENT_LENGTH_MAX]
    return Client(events.source_ip(event), "".join(each if each.isprintable() else "?" for each in agent))


def origin_of(event: Event, caller: Caller | None) -> Origin:
    """Return what the audit trail says of work that *caller* asked for by this request."""
    actor_id, session_id = (None, None) if caller is None else (caller.user_id, caller.session_id)
    return Origin(actor_id, session_id, events.source_ip(event) or None, events.request_id(event))
