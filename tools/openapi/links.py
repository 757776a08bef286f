"""Links from an answer to what can be asked next."""

from typing import Any

from roster.api.results import Page

from tools.openapi import parameters
from tools.openapi.project import Operation

_ID, _FIRST = "$response.body#/id", "$response.body#/items/0/id"
_OF_LOGIN: dict[str, dict[str, Any]] = {
    "get_user": {"parameters": {"user_id": "$response.body#/user/id"}},
    "refresh_session": {"requestBody": {"refresh_token": "$response.body#/refresh_token"}},
    "list_sessions": {},
    "log_out": {},
}
_USER: dict[str, dict[str, Any]] = {
    stem: {"parameters": {"user_id": _ID}}
    for stem in ("get_user", "change_user", "replace_user", "delete_user", "list_orders", "create_order")
}
_ORDER: dict[str, dict[str, Any]] = {
    stem: {"parameters": {"user_id": "$response.body#/user_id", "order_id": _ID}}
    for stem in ("get_order", "change_order")
}
# By operation and status: which operations the answer leads to, and what they are asked with.
_ROWS: dict[tuple[str, int], dict[str, dict[str, Any]]] = {
    ("create_user", 201): _USER,
    ("create_order", 201): _ORDER,
    ("list_users", 200): {"get_user": {"parameters": {"user_id": _FIRST}}},
    ("list_orders", 200): {
        "get_order": {"parameters": {"user_id": "$request.path.user_id", "order_id": _FIRST}},
    },
    ("list_sessions", 200): {"end_session": {"parameters": {"session_id": _FIRST}}},
    ("log_in", 200): _OF_LOGIN,
    ("log_in_totp", 200): _OF_LOGIN,
    ("refresh_session", 200): _OF_LOGIN,
    ("enrol_totp", 200): {"confirm_totp": {}},
}


def of_answer(operation: Operation, status: int, known: set[str]) -> dict[str, Any]:
    """Return the links of that answer to operations that are *known*."""
    row = _ROWS.get((operation.id, status), {})
    links = {stem: {"operationId": stem, **told} for stem, told in row.items() if stem in known}
    if _is_paged(operation, status):
        kept = (*parameters.names_in(operation.path), *parameters.filters_of(operation))
        passed = {name: _again(name, operation.path) for name in kept}
        links["next_page"] = {
            "operationId": operation.id,
            "parameters": {**passed, "cursor": "$response.body#/next_cursor"},
        }
    return links


def _is_paged(operation: Operation, status: int) -> bool:
    is_page = getattr(operation.signature["return"], "__origin__", None) is Page
    return is_page and "query" in operation.signature and (operation.method, status) == ("GET", 200)


def _again(name: str, path: str) -> str:
    return f"$request.{'path' if name in parameters.names_in(path) else 'query'}.{name}"
