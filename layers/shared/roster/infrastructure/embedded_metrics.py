"""CloudWatch's embedded metric format (EMF): one JSON object on a line is a log entry and the metrics in it."""

import json
import time
from collections.abc import Collection, Mapping
from typing import Any, Final

NAMESPACE: Final = "Roster"

# All others count something.
UNITS: Final = {"KeySetAge": "Seconds", "MailOverdue": "Seconds", "RequestTime": "Milliseconds"}

# Made once: `json.dumps` makes one for each call that names an option.
_encode = json.JSONEncoder(separators=(",", ":"), default=str).encode


def line(facts: Mapping[str, object], numbers: Mapping[str, float], by_route: Collection[str] = ()) -> str:
    """
    Return a line that says *facts*, and *numbers*, which are metrics of the `service` that is among the facts.

    Those named in *by_route* are metrics of the fact `route` as well. Each combination of values costs 0.30 USD for a
    month in which there is one every hour, so there is no dimension more.
    """
    directives = [_directive([["service"]], numbers)]
    if by_route:
        directives.append(_directive([["service", "route"]], by_route))
    metadata = {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": directives}
    return _encode({"_aws": metadata, **facts, **numbers})


def _directive(dimensions: list[list[str]], names: Collection[str]) -> dict[str, Any]:
    return {"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": [_definition(name) for name in names]}


def _definition(name: str) -> dict[str, str]:
    return {"Name": name, "Unit": UNITS[name]} if name in UNITS else {"Name": name}
