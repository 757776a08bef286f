"""Serve the API with the real `sam local start-api`, its containers led to the running local stack."""

import argparse
import asyncio
import contextlib
import json
import os
import shlex
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from local import cloudformation, ports, runtime_stack, sam_engine, samples
from local.errors import LocalStackError
from local.home import Home, the_home, write_private
from local.model import REGION
from local.sam_engine import Engine
from local.sam_relay import loopback_ports, relayed, seen_from_containers

ROOT = Path(__file__).resolve().parent.parent
_ADDRESSES = ("DATABASE_URL", "REDIS_URL")
_VARIABLES_FILE = "sam-env.json"


def main() -> int:
    """Run until Ctrl-C; return what sam returned, 2 for an error of ours."""
    try:
        return asyncio.run(_serve(_arguments()))
    except LocalStackError as error:
        print(error, file=sys.stderr)
        return 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make sam-local", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--template", required=True, help="as `sam build` left it")
    parser.add_argument("--parameters", required=True, help="the template's, as Name=value …")
    parser.add_argument("--flags", default="", help="more flags for sam")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> int:
    home = the_home(ROOT)
    variables = runtime_stack.variables(home)
    samples.prepare(variables["DATABASE_URL"])
    if ports.answers(ports.LOOPBACK, arguments.port):
        raise LocalStackError(f"Port {arguments.port} is taken: make sam-local SAM_PORT=… takes another.")
    engine = sam_engine.find()
    owner_url = runtime_stack.variables(home, migrates=True)["DATABASE_URL"]
    write_variables(home.folder / _VARIABLES_FILE, variables, engine, owner_url)
    arguments.template = str(without_names(Path(arguments.template)))
    common = _common_flags(arguments, home)
    inward = loopback_ports([variables[name] for name in _ADDRESSES]) if engine.host_is_this_machine else []
    async with relayed(engine.host, inward):
        print(_welcome(arguments.port, engine, common), flush=True)
        return await _start_api(arguments.port, engine, common)


def write_variables(file: Path, variables: Mapping[str, str], engine: Engine, owner_url: str) -> None:
    """Write the file for sam's --env-vars, which only its owner may read; who migrates owns the database."""
    led = {name: seen_from_containers(variables[name], engine.host) for name in _ADDRESSES}
    migrates = {"DATABASE_URL": seen_from_containers(owner_url, engine.host)}
    write_private(file, json.dumps({"Parameters": {**variables, **led}, runtime_stack.MIGRATION: migrates}))


def without_names(template: Path) -> Path:
    """Write *template* beside it without the names of functions: sam finds no Arn where the name is computed."""
    document = cloudformation.load(template)
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"].pop("FunctionName", None)
    nameless = template.with_name("nameless.json")
    nameless.write_text(json.dumps(document), "utf-8")
    return nameless


def _common_flags(arguments: argparse.Namespace, home: Home) -> list[str]:
    flags = ["--template", arguments.template, "--env-vars", str(home.folder / _VARIABLES_FILE), "--region", REGION]
    return [*flags, *shlex.split(arguments.flags), "--parameter-overrides", arguments.parameters.strip()]


def _welcome(port: int, engine: Engine, common: list[str]) -> str:
    invoke = ["sam", "local", "invoke", "GetUserFunction", "--event", "events/get_user.json", *common]
    return (
        f"The real SAM serves http://127.0.0.1:{port} in containers of {engine.address}.\n"
        "They share the database, the cache and the keys of the local server. Ctrl-C ends it.\n"
        f"One function, in another terminal:\n\n"
        f"  DOCKER_HOST={engine.address} .venv/bin/{shlex.join(invoke)}\n"
    )


async def _start_api(port: int, engine: Engine, common: list[str]) -> int:
    sam = str(Path(sys.executable).with_name("sam"))
    process = await asyncio.create_subprocess_exec(
        *[sam, "local", "start-api", "--port", str(port), "--warm-containers", "LAZY", *common],
        env={**os.environ, "DOCKER_HOST": engine.address, "AWS_EC2_METADATA_DISABLED": "true"},
        start_new_session=True,
    )
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, _end, process)
    return await process.wait()


def _end(process: asyncio.subprocess.Process) -> None:
    """Let sam end by itself, so that it removes its containers."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()


if __name__ == "__main__":
    sys.exit(main())
