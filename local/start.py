"""The order in which the local stack starts, and, backwards, stops."""

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from local import cache_fence, mailbox_page, samples, template
from local.asgi import Application
from local.backends import Backends, start_backends
from local.errors import LocalStackError
from local.gateway import Gateway, Version
from local.greeting import greeting
from local.home import Home, the_home
from local.integration import explained
from local.mail import Postman
from local.model import Project
from local.parameters import read_overrides
from local.reload import Reloader, load_version
from local.server import serve, take_port
from local.settings import make_keys, set_environment
from local.stopping import StopSwitch
from local.terminal import Terminal, printing_into

_MIGRATION = "MigrateDatabaseFunction"
_ADMIN = {"email": "admin@example.com", "name": "Admin", "reset_password": True}


def run(root: Path, port: int, switch: StopSwitch) -> None:
    """
    Start everything, serve until the switch is pressed, and stop everything that was started.

    Raises:
        LocalStackError: If something cannot start; the message says what to do.
        StopRequestedError: If the switch was pressed before the start was over.
    """
    overrides = read_overrides(os.environ.get("PARAMETERS", ""))
    project, home, terminal = template.read_project(root, overrides), the_home(root), Terminal(sys.stdout)
    with contextlib.ExitStack() as stack:
        stack.enter_context(home.locked())
        taken = stack.enter_context(take_port(port))
        backends = start_backends(home, stack, switch.check)
        stack.enter_context(printing_into(home.log, terminal))
        issuer = overrides.get("TokenIssuer") or _url(taken)
        version = _ready(project, home, backends, issuer, terminal)
        switch.check()
        admin = _furnished(version, backends)
        switch.check()
        _announce(_url(taken), issuer, home, backends, admin, terminal)
        gateway = Gateway(version, terminal)
        reloader = Reloader(
            gateway, overrides, lambda changed: set_environment(changed, backends, home, issuer), terminal
        )
        serve(
            Application(gateway, partial(mailbox_page.answer, folder=home.mail)),
            (reloader.watch, Postman(gateway, terminal).deliver),
            taken,
            switch,
        )
        gateway.version.functions.retire()
        terminal.say("Stopped.")


def _url(taken: socket.socket) -> str:
    host, port = taken.getsockname()
    return f"http://{host}:{port}"


def _ready(project: Project, home: Home, backends: Backends, issuer: str, terminal: Terminal) -> Version:
    for layer in project.layers:
        sys.path.insert(0, str(layer))
    make_keys(home)
    set_environment(project, backends, home, issuer)
    return load_version(project, terminal)


def _furnished(version: Version, backends: Backends) -> dict[str, Any]:
    """Return the admin, when the database has all that the handlers expect."""
    with _as_owner(version, backends):
        admin = _migrated(version)
    samples.prepare(backends.database_url)
    if backends.database_pid:  # or others may use it, who believe in a cache of theirs
        cache_fence.turn_off(backends.database_url)
    return admin


@contextlib.contextmanager
def _as_owner(version: Version, backends: Backends) -> Iterator[None]:
    """Let functions connect as the one who may change the schema; this process has one environment for all."""
    os.environ["DATABASE_URL"] = backends.database_url
    try:
        yield
    finally:
        version.functions.disconnect()
        os.environ["DATABASE_URL"] = backends.functions_url


def _migrated(version: Version) -> dict[str, Any]:
    function = version.project.functions.get(_MIGRATION)
    if function is None:
        raise LocalStackError(f"template.yaml has no {_MIGRATION}, which makes the tables and the admin.")
    try:
        answer = json.loads(version.functions.invoke(function, {"admin": _ADMIN}))
    except Exception as error:
        raise LocalStackError(f"The database could not be brought up to date. {explained(error, function)}") from error
    admin: dict[str, Any] = answer["admin"]
    return admin


def _announce(
    url: str, issuer: str, home: Home, backends: Backends, admin: Mapping[str, Any], terminal: Terminal
) -> None:
    pids = {"server": os.getpid(), "postgres": backends.database_pid, "redis": backends.redis_pid}
    home.write_running(
        {
            "url": url,
            "mail_url": f"{url}{mailbox_page.PATH}",
            "admin_email": admin["email"],
            "admin_password": admin["password"],
            "database_url": backends.database_url,
            "functions_url": backends.functions_url,
            "redis_url": backends.redis_url,
            "token_issuer": issuer,
            "pids": {name: pid for name, pid in pids.items() if pid is not None},
        }
    )
    terminal.say(greeting(url, admin, backends.told, str(home.log)))
