"""What the terminal says once the server is up."""

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

_CONVERSATION = """
Try it (paste into another terminal):

  token=$(curl -s {url}/api/auth/login -H 'Content-Type: application/json' -d {login} \\
    | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')
  curl -i {url}/api/users/{id} -H "Authorization: Bearer $token"
"""


def greeting(url: str, admin: Mapping[str, Any], told: Iterable[str], log: str) -> str:
    """Return the text; the admin's password in it is good for this run only."""
    login = shlex.quote(json.dumps({"email": admin["email"], "password": admin["password"]}))
    lines = [
        *told,
        f"Log of the handlers: {log}",
        "",
        f"Roster answers at {url}",
        f"  admin:    {admin['email']}",
        f"  password: {admin['password']}  (made for this run)",
        f"  mail:     {url}/_mail  (all that it sends)",
        _CONVERSATION.format(url=url, login=login, id=admin["id"]),
        "Edits of functions/, layers/ and template.yaml are served at once. Ctrl-C stops everything.",
    ]
    return "\n".join(lines)
