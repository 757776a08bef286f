"""The built template, made fit for `sam local start-api`."""

from pathlib import Path
from typing import Any

import yaml

from local import cloudformation

_NAME = "start-api.yaml"
# OPTIONS is the preflight's, which sam answers by itself.
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def write_for_start_api(built: Path) -> Path:
    """
    Write a copy of the template beside it, without ANY where a path has other methods too, and return it.

    API Gateway prefers the other methods. In `sam local` (aws-sam-cli 1.170) a later ANY hides them, and beside an
    earlier one chance decides, as it keeps routes in a set.
    """
    document = cloudformation.load(built)
    functions = [each["Properties"] for each in document["Resources"].values() if _is_function(each)]
    taken = _methods_by_path(functions)
    for function in functions:
        function["Events"] = _without_any(function.get("Events") or {}, taken)
    fit = built.with_name(_NAME)
    fit.write_text(yaml.safe_dump(document, sort_keys=False))
    return fit


def _is_function(resource: dict[str, Any]) -> bool:
    return bool(resource["Type"] == "AWS::Serverless::Function")


def _methods_by_path(functions: list[dict[str, Any]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for function in functions:
        for event in (function.get("Events") or {}).values():
            found.setdefault(_route(event)["Path"], set()).add(_route(event)["Method"])
    return found


def _without_any(events: dict[str, Any], taken: dict[str, set[str]]) -> dict[str, Any]:
    rewritten = {}
    for name, event in events.items():
        others = taken[_route(event)["Path"]] - {"ANY"}
        if _route(event)["Method"] != "ANY" or not others:
            rewritten[name] = event
            continue
        for method in sorted(set(_METHODS) - others):
            rewritten[f"{name}{method.title()}"] = {**event, "Properties": {**_route(event), "Method": method}}
    return rewritten


def _route(event: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = event["Properties"]
    return properties
