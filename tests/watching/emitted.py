"""What the code emits: metrics in the lines that it wrote, and names of metrics in its sources."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from tests.structure import project

_COUNTING = {"count", "report", "_report"}


class Metric(NamedTuple):
    """A metric with the names of its dimensions, as CloudWatch tells them apart but for the values."""

    name: str
    dimensions: frozenset[str]


def metrics_in(lines: Iterable[Mapping[str, Any]]) -> dict[Metric, set[str | None]]:
    """Return the metrics that CloudWatch would make of *lines*, with their units."""
    found: dict[Metric, set[str | None]] = {}
    for line in lines:
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            for dimensions in directive["Dimensions"]:
                for each in directive["Metrics"]:
                    _require_members(line, [*dimensions, each["Name"]])
                    found.setdefault(Metric(each["Name"], frozenset(dimensions)), set()).add(each.get("Unit"))
    return found


def facts_in(lines: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the names of everything that any line says, which is what a query can ask for."""
    return {name for line in lines for name in line} - {"_aws"}


def names_in_the_code() -> set[str]:
    """Return the names that the code counts by, wherever it does."""
    sources = project.sources("layers/shared/roster", "functions")
    return {name for path in sources for name in _names_in(ast.parse(path.read_text("utf-8")))}


def _names_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _COUNTING and node.args:
            texts = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
            yield from (text for text in texts if isinstance(text, str) and text[:1].isupper())


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _require_members(line: Mapping[str, Any], names: Iterable[str]) -> None:
    missing = [name for name in names if name not in line]
    assert not missing, f"CloudWatch drops this line, which defines and does not hold {missing}"
