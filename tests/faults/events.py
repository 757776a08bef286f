"""What clients of the campaign send, as API Gateway hands it to the functions."""

from functools import cache
from typing import Any

from tests.builders import a_caller, a_session_id, an_event

Event = dict[str, Any]

_SESSIONS_OF_A_COMER = 10_000_000


def name_of(value: int) -> str:
    return f"N{value}"


def email_of(user: int) -> str:
    return f"u{user}@x.org"


def key_of(key: int) -> str:
    return f"key-{key}"


def session_of(comer: int, number: int) -> int:
    """Return what tells a session apart from all others, those that everybody keeps included."""
    return comer * _SESSIONS_OF_A_COMER + number


@cache
def read(user: int) -> Event:
    return an_event("GET", f"/api/users/{user}", a_caller(user))


def look(user: int, session: int) -> Event:
    return an_event("GET", f"/api/users/{user}", a_caller(user, session_id=a_session_id(session)))


def change(user: int, value: int, version: int) -> Event:
    """*version* is the one to write upon, 0 for any."""
    return an_event("PATCH", f"/api/users/{user}", a_caller(user), {"name": name_of(value)}, _upon(user, version))


def replace(user: int, value: int, version: int) -> Event:
    body = {"name": name_of(value), "email": email_of(user)}
    return an_event("PUT", f"/api/users/{user}", a_caller(user), body, _upon(user, version))


def order(user: int, key: int) -> Event:
    """An order that shows by its only item which key it was made with."""
    body = {"currency": "EUR", "items": [{"sku": key_of(key), "quantity": 1, "unit_price": 100}]}
    return an_event("POST", f"/api/users/{user}/orders", a_caller(user), body, {"Idempotency-Key": key_of(key)})


def one_order(user: int, number: int) -> Event:
    return an_event("GET", f"/api/users/{user}/orders/{number}", a_caller(user))


def orders(user: int) -> Event:
    return an_event("GET", f"/api/users/{user}/orders", a_caller(user), query={"limit": "5"})


def log_out(user: int, session: int) -> Event:
    return an_event("POST", "/api/auth/logout", a_caller(user, session_id=a_session_id(session)))


def end_session(user: int, session: int) -> Event:
    return an_event("DELETE", f"/api/auth/sessions/{a_session_id(session)}", a_caller(user))


def _upon(user: int, version: int) -> dict[str, str]:
    return {"If-Match": f'"{user}-{version}"'} if version else {}
