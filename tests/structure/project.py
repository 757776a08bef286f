"""What the project says about itself: its template, its routes, its folders and its sources."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from local import cloudformation

ROOT = Path(__file__).parents[2]
LAYER = ROOT / "layers" / "shared"

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
    return [
        Route(name, event["Method"], event["Path"], event.get("Auth", {}).get("Authorizer"))
        for name, function in functions().items()
        for event in (each["Properties"] for each in function.get("Events", {}).values() if each["Type"] == "Api")
    ]


def routes_of(function: str) -> list[Route]:
    return [route for route in routes() if route.function == function]


def refusing() -> list[str]:
    """Return the functions that answer what no other does; they share a folder, since a policy holds 45 routes."""
    return [name for name, each in functions().items() if each["CodeUri"] == "functions/refuse_route"]


def stem_of(function: str) -> str:
    """Return the one name behind everything of a function: `GetUserFunction` is `get_user`."""
    if function in refusing():
        return "refuse_route"
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
