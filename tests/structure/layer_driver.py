"""
Runs in Python 3.13 without this project's environment: calls every handler from a built layer, one process each.

It prints what each function opened of the layer, or how it failed. Servers are away, so that each answers an error, but
whatever it needs to get there has been imported: SQL, Redis and cryptography included.
"""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

SITE, PROJECT = Path(sys.argv[1]), Path(sys.argv[2])


class Context:
    """What a handler asks of its context."""

    function_name = aws_request_id = "test"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:test"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


def opened(stem: str) -> dict[str, Any]:
    """Import the function, call it with its sample event, and tell which files of the layer are in use."""
    sys.path.insert(0, str(PROJECT / "functions" / stem))
    event = json.loads((PROJECT / "events" / f"{stem}.json").read_bytes())
    try:
        answer = importlib.import_module("app").handler(event, Context())
    except BaseException as error:  # noqa: BLE001 (the test shows it)
        return {"error": f"{type(error).__name__}: {error}", "files": _files()}
    status = answer.get("statusCode") if isinstance(answer, dict) else None
    return {"status": status, "files": _files()}


def _files() -> list[str]:
    cached = {getattr(module, "__cached__", None) for module in list(sys.modules.values())}
    mapped = {line.split(maxsplit=5)[-1].strip() for line in Path("/proc/self/maps").read_text().splitlines()}
    return sorted(path.removeprefix(f"{SITE}/") for path in cached | mapped if path and path.startswith(f"{SITE}/"))


def in_a_process(stem: str) -> int:
    """Return the end of a pipe that brings the outcome."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        os.dup2(2, 1)
        outcome = json.dumps(opened(stem))
        with os.fdopen(writer, "w") as pipe:
            pipe.write(outcome)
        os._exit(0)
    os.close(writer)
    return reader


def main() -> None:
    sys.path.insert(0, str(SITE))
    found = {}
    for path in sorted((PROJECT / "functions").glob("*/app.py")):
        with os.fdopen(in_a_process(path.parent.name)) as pipe:
            found[path.parent.name] = json.load(pipe)
    sys.stdout.write(json.dumps(found))


main()
