"""What a Lambda authorizer returned: checked, and asked whether it allows a method."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

INVOKE = "execute-api:Invoke"


class MalformedPolicyError(Exception):
    """The authorizer's result is none that API Gateway can use; the message says why."""


@dataclass(frozen=True)
class Statement:
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def covers(self, method_arn: str) -> bool:
        return _any_matches(self.actions, INVOKE) and _any_matches(self.resources, method_arn)


@dataclass(frozen=True)
class Verdict:
    """A principal, its statements, and the context for the handler, all of it as strings."""

    principal: str
    statements: tuple[Statement, ...]
    context: Mapping[str, str]

    def allows(self, method_arn: str) -> bool:
        """Return whether something allows *method_arn* and nothing denies it."""
        covering = [statement.allows for statement in self.statements if statement.covers(method_arn)]
        return bool(covering) and all(covering)


def read_verdict(result: Any) -> Verdict:
    """
    Return what the authorizer decided.

    Raises:
        MalformedPolicyError: If principal, policy or context are not of the documented form.
    """
    if not isinstance(result, dict) or not isinstance(result.get("principalId"), str):
        raise MalformedPolicyError("there is no principalId")
    document = result.get("policyDocument")
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise MalformedPolicyError("policyDocument has no Statement")
    return Verdict(result["principalId"], tuple(map(_statement, statements)), _context(result.get("context")))


def _statement(given: Any) -> Statement:
    if not isinstance(given, dict) or given.keys() - {"Effect", "Action", "Resource", "Sid"}:
        raise MalformedPolicyError("a Statement may have Effect, Action, Resource and Sid; no more is known here")
    if given.get("Effect") not in ("Allow", "Deny"):
        raise MalformedPolicyError("a Statement's Effect is neither Allow nor Deny")
    return Statement(
        given["Effect"] == "Allow", _texts(given.get("Action"), "Action"), _texts(given.get("Resource"), "Resource")
    )


def _texts(value: Any, name: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(each, str) for each in values):
        raise MalformedPolicyError(f"a Statement's {name} is neither a string nor a list of strings")
    return tuple(values)


def _context(context: Any) -> dict[str, str]:
    if not isinstance(context, dict | None):
        raise MalformedPolicyError("context is not an object")
    for name, value in (context or {}).items():
        if not isinstance(value, str | int | float | bool | None):
            raise MalformedPolicyError(f"context.{name} is neither a string, nor a number, nor a boolean")
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in (context or {}).items()
        if value is not None
    }


def _any_matches(patterns: Iterable[str], value: str) -> bool:
    return any(_compiled(pattern).fullmatch(value) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(escaped, re.DOTALL)
