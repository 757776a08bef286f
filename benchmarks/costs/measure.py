"""Measures on this machine what functions spend on a request, and writes it beside this file."""

import copy
import datetime
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from benchmarks import requests
from local import runtime_stack
from local.home import Home
from local.model import Function
from local.runtime_function import environment_of
from local.template import read_project

ROOT = Path(__file__).parents[2]
TARGET = Path(__file__).with_name("measured.json")
ROUNDS = {"authorize_request": 300, "get_user": 300, "list_orders": 300, "change_user": 100, "log_in": 20}
Event = dict[str, Any]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, requests.local_server(Path(folder)) as running:
        found = _measured(Path(folder), running)
    content = {
        "command": "make costs MEASURE=1",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}, servers on the same machine",
        "functions": found,
    }
    TARGET.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _measured(home: Path, running: dict[str, Any]) -> dict[str, Any]:
    functions = {each.file.parent.name: each for each in read_project(ROOT, {}).functions.values()}
    token = _token(running)
    found = {"authorize_request": _driven(functions["authorize_request"], home, _authorizer_events(token))}
    caller = found["authorize_request"].pop("context")
    for stem in list(ROUNDS)[1:]:
        found[stem] = _driven(functions[stem], home, _events(stem, token, caller, running))
        del found[stem]["context"]
        if found[stem]["status"] != 200:
            sys.exit(f"{stem} answered {found[stem]}.")
    return found


def _token(running: dict[str, Any]) -> str:
    with httpx.Client() as client:
        return requests.token(client, running)


def _authorizer_events(token: str) -> list[Event]:
    event = json.loads((ROOT / "events" / "authorize_request.json").read_bytes())
    return [event | {"authorizationToken": f"Bearer {token}"}] * ROUNDS["authorize_request"]


def _events(stem: str, token: str, caller: dict[str, Any], running: dict[str, Any]) -> list[Event]:
    event: Event = json.loads((ROOT / "events" / f"{stem}.json").read_bytes())
    event["requestContext"]["authorizer"] = caller
    event["headers"]["Authorization"] = f"Bearer {token}"
    if event.get("pathParameters"):
        event["pathParameters"] |= {"user_id": str(caller["sub"])}
    return [_varied(stem, event, turn, running) for turn in range(ROUNDS[stem])]


def _varied(stem: str, event: Event, turn: int, running: dict[str, Any]) -> Event:
    """Return the event with a body that changes something, or that logs in."""
    bodies = {
        "change_user": {"name": f"Admin {turn}"},
        "log_in": {"email": running["admin_email"], "password": running["admin_password"]},
    }
    if stem not in bodies:
        return event
    varied = copy.deepcopy(event) | {"body": json.dumps(bodies[stem]), "isBase64Encoded": False}
    for headers in (varied["headers"], varied["multiValueHeaders"]):
        headers.pop("If-Match", None)
    return varied


def _driven(function: Function, home: Path, events: list[Event]) -> dict[str, Any]:
    variables = runtime_stack.variables(Home(home)) | {"RATE_LIMITS_PERCENT": "0"}
    with tempfile.TemporaryDirectory() as folder:
        given, target, log = (Path(folder, name) for name in ("events", "found", "log"))
        given.write_text(json.dumps(events))
        command = [sys.executable, str(Path(__file__).with_name("driven.py")), str(given), str(target)]
        with log.open("wb") as out:
            subprocess.run(command, env=environment_of(function, variables), stdout=out, check=True)
        return dict(json.loads(target.read_text()))


if __name__ == "__main__":
    main()
