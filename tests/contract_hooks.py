"""
What Schemathesis is told about us: who asks, and when somebody else has to.

It runs in a process of its own. `ROSTER_RUNNING` is the running.json of a local server, `ROSTER_ROLE` the caller's.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import schemathesis

FACTS = json.loads(Path(os.environ["ROSTER_RUNNING"]).read_text("utf-8"))
ROLE = os.environ["ROSTER_ROLE"]
PASSWORD = "a lighthouse at noon"
_current: list[str] = []


def a_token() -> str:
    """Return the access token of a new account: whatever happened to those before, this one is as it should be."""
    registration = {"email": f"{secrets.token_hex(8)}@example.com", "name": "Ada", "password": PASSWORD}
    login = {name: registration[name] for name in ("email", "password")}
    with httpx.Client(base_url=FACTS["url"], timeout=30) as http:
        user = http.post("/api/users", json=registration).raise_for_status().json()
        if ROLE == "admin":
            _promote(user["id"])
        return str(http.post("/api/auth/login", json=login).raise_for_status().json()["access_token"])


def _promote(user_id: int) -> None:
    with psycopg2.connect(FACTS["database_url"]) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE users SET role = 'admin' WHERE id = %s", (user_id,))
    connection.close()


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Somebody whose session lives; the account that the server made for its own start is left alone."""

    def get(self, case: schemathesis.Case[Any], context: schemathesis.AuthContext) -> str:
        if not _current:
            _current.append(a_token())
        return _current[0]

    def set(self, case: schemathesis.Case[Any], data: str, context: schemathesis.AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def after_call(
    context: schemathesis.HookContext, case: schemathesis.Case[Any], response: schemathesis.Response
) -> None:
    """Let somebody else ask once a session is over, by a logout, say, or once an admin is none any more."""
    is_theirs = bool(_current) and response.request.headers.get("Authorization") == f"Bearer {_current[0]}"
    if is_theirs and (response.status_code == 401 or (response.status_code == 403 and _role() != ROLE)):
        _current.clear()


def _role() -> str | None:
    headers = {"Authorization": f"Bearer {_current[0]}"}
    user: dict[str, str] = httpx.get(f"{FACTS['url']}/api/users/me", headers=headers, timeout=30).json()
    return user.get("role")
