"""The template's parameters: their defaults, or what PARAMETERS="Name=value …" says."""

import re
import shlex
from collections.abc import Mapping
from typing import Any

from local.errors import TemplateError

# What is another default here than in a deployment: whoever tries things out is not to wait for an hour.
# Mail goes into a folder, so its sender need not be anybody.
LOCAL_DEFAULTS = {"RateLimitsPercent": "1000", "MailSender": "roster@roster.test"}


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
    if str(parameter.get("Type", "")).startswith(("CommaDelimitedList", "List<")):
        items = [item.strip() for item in value.split(",")]
        for item in items:
            _check(name, parameter, item)
        return items
    _check(name, parameter, value)
    return value


def _check(name: str, parameter: Mapping[str, Any], value: str) -> None:
    """Hold a value, or an item of a list, to what CloudFormation would; its sentence is the template's."""
    failed = _failed(parameter, value)
    if failed:
        raise TemplateError(f"Parameters.{name}: {parameter.get('ConstraintDescription', failed)}")


def _failed(parameter: Mapping[str, Any], value: str) -> str | None:
    allowed = [str(each) for each in parameter.get("AllowedValues", [])]
    if allowed and value not in allowed:
        return f"must be one of {', '.join(allowed)}."
    if not re.fullmatch(str(parameter.get("AllowedPattern", ".*")), value, re.DOTALL):
        return f"must look like {parameter['AllowedPattern']}."
    if not int(parameter.get("MinLength", 0)) <= len(value) <= int(parameter.get("MaxLength", len(value))):
        return "is too short or too long."
    return _failed_number(parameter, value) if parameter.get("Type") == "Number" else None


def _failed_number(parameter: Mapping[str, Any], value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "must be a number."
    if not float(parameter.get("MinValue", number)) <= number <= float(parameter.get("MaxValue", number)):
        return f"must lie between {parameter.get('MinValue')} and {parameter.get('MaxValue')}."
    return None
