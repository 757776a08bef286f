"""A small project in a temporary folder: functions as strings, and a template that serves them."""

import contextlib
import io
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from local.asgi import Application
from local.gateway import Gateway
from local.mail import Postman
from local.model import Project
from local.reload import Reloader, load_version
from local.server import serve, take_port
from local.stopping import StopSwitch
from local.template import read_project
from local.terminal import Terminal
from local.workers import Workers

ECHO = """
    import json

    def handler(event, context):
        return {"statusCode": 200, "body": json.dumps(event)}
"""
# Notes its calls in the project's root: a file in a watched folder would bring a reload, and an empty cache.
ALLOW_ALL = """
    from pathlib import Path

    def handler(event, context):
        with (Path(__file__).parents[2] / "authorizer_calls").open("a") as calls:
            calls.write(event["authorizationToken"] + "\\n")
        statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}
        return {"principalId": "7", "policyDocument": {"Statement": [statement]}, "context": {"admin": True, "age": 42}}
"""


@dataclass
class Tiny:
    """Functions by logical name, with their routes ("GET /a") or properties; more of the API if need be."""

    root: Path
    api: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        layer = self.root / "layers" / "shared" / "tiny_layer"
        layer.mkdir(parents=True)
        (layer / "__init__.py").write_text('WORD = "one"\n')
        self.resources["Layer"] = {
            "Type": "AWS::Serverless::LayerVersion",
            "Properties": {"ContentUri": "layers/shared"},
        }

    def function(self, name: str, code: str, *routes: str, auth: str | None = None, **properties: Any) -> "Tiny":
        folder = self.root / "functions" / name.lower()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "app.py").write_text(dedent(code))
        events = {f"Event{number}": _event(route, auth) for number, route in enumerate(routes)}
        self.resources[name] = {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "CodeUri": f"functions/{name.lower()}",
                "Handler": "app.handler",
                "Runtime": "python3.13",
                "Layers": [{"Ref": "Layer"}],
                "Events": events,
                **properties,
            },
        }
        return self

    def authorizer(self, code: str = ALLOW_ALL, **identity: Any) -> "Tiny":
        self.function("Gate", code)
        self.api["Auth"] = {
            "DefaultAuthorizer": "Token",
            "AddDefaultAuthorizerToCorsPreflight": False,
            "Authorizers": {"Token": {"FunctionArn": {"Fn::GetAtt": ["Gate", "Arn"]}, "Identity": identity}},
        }
        return self

    def code_of(self, name: str) -> Path:
        return self.root / "functions" / name.lower() / "app.py"

    def write(self) -> Path:
        api = {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "dev", **self.api}}
        document = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Api": api, **self.resources}}
        path = self.root / "template.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False))
        return path

    def project(self) -> Project:
        self.write()
        return read_project(self.root, {})


def _event(route: str, auth: str | None) -> dict[str, Any]:
    method, path = route.split()
    properties: dict[str, Any] = {"RestApiId": {"Ref": "Api"}, "Path": path, "Method": method}
    if auth is not None:
        properties["Auth"] = {"Authorizer": auth}
    return {"Type": "Api", "Properties": properties}


def a_gateway(tiny: Tiny, workers: Workers | None = None) -> tuple[Gateway, io.StringIO]:
    """Return a gateway for the project, and what it says at the terminal."""
    shown = io.StringIO()
    terminal = Terminal(shown)
    return Gateway(load_version(tiny.project(), terminal), terminal, workers), shown


@contextlib.contextmanager
def served(tiny: Tiny, overrides: Mapping[str, str] | None = None) -> Iterator[tuple[str, io.StringIO]]:
    """Serve the project on a free port, with reload, and give the URL and what is said at the terminal."""
    gateway, shown = a_gateway(tiny)
    port, switch, terminal = take_port(0), StopSwitch(), Terminal(shown)
    reloader = Reloader(gateway, overrides or {}, lambda _project: None, terminal)
    tasks = (reloader.watch, Postman(gateway, terminal).deliver)
    thread = threading.Thread(target=serve, args=(Application(gateway), tasks, port, switch))
    thread.start()
    try:
        yield f"http://127.0.0.1:{port.getsockname()[1]}", shown
    finally:
        switch.press()
        thread.join(10)
        port.close()
