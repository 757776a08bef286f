"""
Environments restored from one snapshot, for a test: an environment serves a request, and is then forked twice.

Lambda copies an environment's memory, and so does fork(). What tells a fork from that is taken back: its process id,
from which libraries would notice it, and that Python seeds random numbers anew. Each copy says of itself what has to be
its own, as a JSON object on a line.
"""

import json
import os
import random
import sys
from importlib import import_module
from typing import Any

from roster.wiring import stores

from tests.builders import a_context, an_event
from tests.functions import handler_of

_HOOKS = import_module("snapshot_restore_py")
ADDRESS = {"email": "ada@example.com", "password": "correct horse battery"}


def main() -> None:
    """Log in, take a snapshot, and log in from two copies of it; `without-hooks` leaves the hooks out."""
    with_hooks = "without-hooks" not in sys.argv
    _ask("create_user", "/api/users", {"name": "Ada", **ADDRESS}, 201)
    _say(_account())
    if with_hooks:
        _call(reversed(_HOOKS.get_before_snapshot()))
    process_id, numbers = os.getpid(), random.getstate()
    for _ in range(2):
        if os.fork() == 0:
            os.getpid = lambda: process_id
            random.setstate(numbers)
            if with_hooks:
                _call(_HOOKS.get_after_restore())
            _say(_account())
            os._exit(0)  # and close nothing, which might be the other's
        os.wait()


def _account() -> dict[str, Any]:
    """Log in, and return what has to be this environment's own."""
    grant = _ask("log_in", "/api/auth/login", ADDRESS, 200)
    cache = stores.cache()
    assert cache is not None
    return {
        "backend": stores.database().fetch_one("SELECT pg_backend_pid()"),
        "cache_client": cache._client.client_id(),
        "random": random.random(),
        "access_token": grant["access_token"],
        "refresh_token": grant["refresh_token"],
    }


def _ask(stem: str, path: str, body: object, status: int) -> Any:
    answer = handler_of(stem)(an_event("POST", path, body=body), a_context())
    assert answer["statusCode"] == status, answer
    return json.loads(answer["body"])


def _say(account: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(account) + "\n")
    sys.stdout.flush()


def _call(hooks: Any) -> None:
    for hook, arguments, options in hooks:
        hook(*arguments, **options)


if __name__ == "__main__":
    main()
