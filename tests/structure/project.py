"""What the project says about itself: its template, its routes, its folders and its sources."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from local import cloudformation

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "layers" / "shared"
REFUSING = "RefuseRouteFunction"
_FUNCTION_OF_URI = re.compile(r"/functions/\$\{(\w+)\.Arn\}:live/invocations")

Resource = dict[str, Any]


class Route(NamedTuple):
    """One method of one path; an authorizer of None means the API's default."""

    function: str
    method: str
    path: str
    authorizer: str | None

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"


@cache
def template() -> dict[str, Any]:
    return cloudformation.load(ROOT / "template.yaml")


def api() -> Resource:
    return dict(template()["Resources"]["Api"]["Properties"])


def functions() -> dict[str, Resource]:
    """Return each function's own properties by its logical name."""
    resources = template()["Resources"].items()
    return {name: each["Properties"] for name, each in resources if each["Type"] == "AWS::Serverless::Function"}


def routes() -> list[Route]:
    return [*stated_routes(), *event_routes()]


def stated_routes() -> list[Route]:
    """Return the routes of the API's own document."""
    paths = api()["DefinitionBody"]["paths"].items()
    return [_stated(method, path, operation) for path, methods in paths for method, operation in methods.items()]


def _stated(method: str, path: str, operation: Resource) -> Route:
    (function,) = _FUNCTION_OF_URI.findall(operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"])
    ((authorizer,),) = operation["security"]
    return Route(function, "ANY" if method == "x-amazon-apigateway-any-method" else method.upper(), path, authorizer)


def event_routes() -> list[Route]:
    return [
        Route(name, event["Method"], event["Path"], event.get("Auth", {}).get("Authorizer"))
        for name, function in functions().items()
        for event in (each["Properties"] for each in function.get("Events", {}).values() if each["Type"] == "Api")
    ]


def routes_of(function: str) -> list[Route]:
    return [route for route in routes() if route.function == function]


def stem_of(function: str) -> str:
    """Return the one name behind everything of a function: `GetUserFunction` is `get_user`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", function.removesuffix("Function")).lower()


def stems() -> list[str]:
    return sorted({stem_of(name) for name in functions()})


def sources(*folders: str) -> list[Path]:
    """Return the Python files below *folders* of the project."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def docstring_of(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
