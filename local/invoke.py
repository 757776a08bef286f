"""Run one function with one event, as `sam local invoke` does, but without a container."""

import argparse
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from local import runtime_stack, samples
from local.errors import LocalStackError
from local.home import the_home
from local.model import Function
from local.parameters import read_overrides
from local.runtime_emulator import Emulator, failed
from local.runtime_function import environment_of, handler_of
from local.template import read_project

ROOT = Path(__file__).resolve().parent.parent
_EVENTS = "events"


def main() -> int:
    """Print log to stderr and answer to stdout; return 1 for an error of the function, 2 for one of ours."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    arguments = _arguments()
    try:
        function = _function(arguments.function)
        event = _event(arguments.event, function)
        answer = _answer(function, event)
    except LocalStackError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    sys.stdout.buffer.write(answer + b"\n")
    return 1 if failed(answer) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make invoke", description=__doc__)
    parser.add_argument("function", nargs="?", default="", help="its name in template.yaml")
    parser.add_argument("event", nargs="?", default="", help="a file, - for standard input; events/<function>.json")
    return parser.parse_args()


def _function(name: str) -> Function:
    functions = read_project(ROOT, read_overrides(os.environ.get("PARAMETERS", ""))).functions
    if name not in functions:
        problem = f"template.yaml has no function {name}." if name else "Say which function: make invoke FUNCTION=…"
        raise LocalStackError(_with_choices(problem, functions))
    return functions[name]


def _event(name: str, function: Function) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    file = Path(name or ROOT / _EVENTS / f"{function.file.parent.name}.json")
    try:
        return file.read_bytes()
    except OSError as error:
        samples = sorted(f"{_EVENTS}/{each.name}" for each in (ROOT / _EVENTS).glob("*.json"))
        raise LocalStackError(_with_choices(f"{file} cannot be read: {error.strerror}.", samples)) from error


def _with_choices(problem: str, choices: Mapping[str, object] | list[str]) -> str:
    return "\n".join([f"{problem} There are:", *(f"  {choice}" for choice in choices)])


def _answer(function: Function, event: bytes) -> bytes:
    environment = environment_of(function, _stack_variables(migrates=function.name == runtime_stack.MIGRATION))
    with Emulator(handler_of(function), function.file.parent, environment) as emulator:
        return emulator.invoke(event, function.timeout_seconds)


def _stack_variables(*, migrates: bool) -> dict[str, str]:
    """Return empty ones when the local stack is away: some functions do without."""
    try:
        variables = runtime_stack.variables(the_home(ROOT), migrates=migrates)
    except runtime_stack.NotRunningError as error:
        print(f"{error} Until then functions have no database, no cache and no keys.", file=sys.stderr)
        return runtime_stack.AWAY
    samples.prepare(variables["DATABASE_URL"])
    return variables


if __name__ == "__main__":
    sys.exit(main())
