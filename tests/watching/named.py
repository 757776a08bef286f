"""What the watch names: the metrics of alarms and dashboards, and the fields of saved queries."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.template.deployed import Deployed, Resource
from tests.template.watching_rules import alarms, metrics_of

DASHBOARD = "AWS::CloudWatch::Dashboard"
QUERY = "AWS::Logs::QueryDefinition"
_SEARCH = re.compile(r"SEARCH\('\{([\w/]+)((?:,\w+)*)\} MetricName=\"(\w+)\"([^']*)', '(\w+)', \d+\)")
_WORD = re.compile(r"[A-Za-z_]\w*")
# What the language of queries has of its own.
_LANGUAGE = {"fields", "filter", "stats", "sort", "by", "as", "desc", "asc", "limit", "and", "or", "not", "in", "like"}
_LANGUAGE |= {"count", "sum", "avg", "max", "min", "pct", "ispresent"}


class Named(NamedTuple):
    """A metric that somebody named, with its dimensions; a search leaves values open (None)."""

    where: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str | None], ...]
    statistic: str

    @property
    def dimension_names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.dimensions)


def metrics(deployed: Deployed) -> list[Named]:
    return [*_of_alarms(deployed), *_of_dashboards(deployed)]


def queries(deployed: Deployed) -> list[Resource]:
    return deployed.of_type(QUERY)


def fields(query: str) -> set[str]:
    """Return the fields of log lines that a query asks for: all words but strings, its own names and the language's."""
    plain = re.sub(r"/[^/|]*/|'[^']*'|\"[^\"]*\"|@\w+|\$\{?\w*\}?", " ", query)
    made = set(re.findall(r"\bas (\w+)", plain))
    return {word for word in _WORD.findall(plain) if word not in _LANGUAGE | made}


def _of_alarms(deployed: Deployed) -> Iterator[Named]:
    for alarm in alarms(deployed):
        for each in metrics_of(alarm):
            given: Any = each["Dimensions"]
            dimensions = tuple((one["Name"], str(one["Value"])) for one in given)
            yield Named(alarm.name, str(each["Namespace"]), str(each["MetricName"]), dimensions, str(each["Stat"]))


def _of_dashboards(deployed: Deployed) -> Iterator[Named]:
    for dashboard in deployed.of_type(DASHBOARD):
        for widget in json.loads(dashboard["DashboardBody"])["widgets"]:
            if widget["type"] == "metric":
                yield from _of_widget(f"{dashboard.name}, {widget['properties']['title']}", widget["properties"])


def _of_widget(where: str, properties: dict[str, Any]) -> Iterator[Named]:
    for row in properties["metrics"]:
        options = row[-1] if isinstance(row[-1], dict) else {}
        names = [each for each in row if isinstance(each, str)]
        statistic = options.get("stat", properties.get("stat", "Average"))
        if names:
            namespace, name, *rest = names
            yield Named(where, namespace, name, tuple(zip(rest[::2], rest[1::2], strict=True)), statistic)
        else:
            yield from _of_expression(where, options["expression"])


def _of_expression(where: str, expression: str) -> Iterator[Named]:
    found = _SEARCH.search(expression)
    assert found or "SEARCH" not in expression, f"{where}: a search that this test cannot read"
    if found:
        namespace, dimensions, name, _, statistic = found.groups()
        yield Named(where, namespace, name, tuple((each, None) for each in dimensions.split(",")[1:]), statistic)
