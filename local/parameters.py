"""The template's parameters: their defaults, or what PARAMETERS="Name=value …" says."""

import shlex
from collections.abc import Mapping
from typing import Any

from local.errors import TemplateError

# What is another default here than in a deployment: whoever tries things out is not to wait for an hour.
LOCAL_DEFAULTS = {"RateLimitsPercent": "1000"}


def read_overrides(text: str) -> dict[str, str]:
    """Return the overrides of one shell-like line; words with blanks are quoted."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise TemplateError(f"PARAMETERS cannot be read: {error}.") from error
    if any("=" not in word for word in words):
        raise TemplateError('PARAMETERS must look like PARAMETERS="Registration=closed Stage=dev".')
    return dict(word.split("=", 1) for word in words)


def values_of(declared: Mapping[str, Mapping[str, Any]], overrides: Mapping[str, str]) -> dict[str, Any]:
    """Return every parameter's value as Ref gives it: a list for a list type, else a string."""
    for name in overrides:
        if name not in declared:
            raise TemplateError(f"PARAMETERS names {name}, which template.yaml does not declare.")
    return {name: _value(name, parameter, overrides) for name, parameter in declared.items()}


def _value(name: str, parameter: Mapping[str, Any], overrides: Mapping[str, str]) -> str | list[str]:
    if name not in overrides and "Default" not in parameter:
        raise TemplateError(f'Parameters.{name} has no Default: start with PARAMETERS="{name}=…".')
    value = overrides.get(name, LOCAL_DEFAULTS.get(name, str(parameter.get("Default"))))
    allowed = [str(each) for each in parameter.get("AllowedValues", [])]
    if allowed and value not in allowed:
        raise TemplateError(f"Parameters.{name} must be one of {', '.join(allowed)}.")
    if parameter.get("Type") == "Number":
        _check_number(name, parameter, value)
    if str(parameter.get("Type", "")).startswith(("CommaDelimitedList", "List<")):
        return [item.strip() for item in value.split(",")]
    return value


def _check_number(name: str, parameter: Mapping[str, Any], value: str) -> None:
    try:
        number = float(value)
    except ValueError:
        raise TemplateError(f"Parameters.{name} must be a number.") from None
    if not float(parameter.get("MinValue", number)) <= number <= float(parameter.get("MaxValue", number)):
        raise TemplateError(
            f"Parameters.{name} must lie between {parameter.get('MinValue')} and {parameter.get('MaxValue')}."
        )
