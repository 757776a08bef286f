"""CloudFormation's functions and conditions, resolved as a deployment would, for one machine."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from local.errors import TemplateError
from local.model import ACCOUNT, REGION

NO_VALUE = object()
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::NoValue": NO_VALUE,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "local",
    "AWS::URLSuffix": "amazonaws.com",
}
_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


class Resolver:
    """
    Replaces functions by their values.

    A resource's Ref is its logical id, as nothing is deployed; its attributes are `Id.Attribute`, and the
    Arn of a function is a real one.
    """

    def __init__(self, document: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        self._names = {**{name: name for name in document["Resources"]}, **_PSEUDO, **parameters}
        self._conditions: Mapping[str, Any] = document.get("Conditions", {})
        self._mappings: Mapping[str, Any] = document.get("Mappings", {})
        self._functions: dict[str, Callable[[Any, str], Any]] = {
            "Ref": self._ref,
            "Condition": self.condition,
            "Fn::And": lambda value, where: all(self._each(value, where)),
            "Fn::Equals": lambda value, where: len(set(map(str, self._each(value, where)))) == 1,
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAtt": self._get_attribute,
            "Fn::If": self._if,
            "Fn::Join": lambda value, where: str(value[0]).join(map(str, self.resolve(value[1], where))),
            "Fn::Not": lambda value, where: not self._operand(value[0], where),
            "Fn::Or": lambda value, where: any(self._each(value, where)),
            "Fn::Select": lambda value, where: self.resolve(value[1], where)[int(value[0])],
            "Fn::Split": lambda value, where: self.resolve(value[1], where).split(value[0]),
            "Fn::Sub": self._sub,
        }

    def resolve(self, value: Any, where: str) -> Any:
        """Return *value* with all functions resolved; *where* is its place, for messages."""
        if isinstance(value, list):
            return [item for item in self._each(value, where) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        name = next(iter(value), "")
        if len(value) == 1 and isinstance(name, str) and (name == "Ref" or name.startswith("Fn::")):
            return self._call(name, value[name], where)
        resolved = {key: self.resolve(item, f"{where}.{key}") for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}

    def condition(self, name: str, where: str) -> bool:
        """Return whether the condition of that name holds."""
        if name not in self._conditions:
            raise TemplateError(f"{where}: there is no condition {name}.")
        value = self._conditions[name]
        key = next(iter(value))
        return bool(self._call(key, value[key], f"Conditions.{name}"))

    def _call(self, name: str, argument: Any, where: str) -> Any:
        if name not in self._functions:
            raise TemplateError(f"{where}: the local gateway does not know {name}.")
        try:
            return self._functions[name](argument, where)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise TemplateError(f"{where}: {name} cannot be resolved ({error!r}).") from error

    def _each(self, values: list[Any], where: str) -> list[Any]:
        return [self._operand(item, f"{where}[{index}]") for index, item in enumerate(values)]

    def _operand(self, item: Any, where: str) -> Any:
        if isinstance(item, dict) and set(item) == {"Condition"}:
            return self.condition(item["Condition"], where)
        return self.resolve(item, where)

    def _ref(self, name: str, where: str) -> Any:
        if name not in self._names:
            raise TemplateError(f"{where}: there is nothing named {name}.")
        return self._names[name]

    def _get_attribute(self, value: list[str], where: str) -> str:
        resource, attribute = value
        self._ref(resource, where)
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{resource}" if attribute == "Arn" else ".".join(value)

    def _if(self, value: list[Any], where: str) -> Any:
        condition, so, otherwise = value
        return self.resolve(so if self.condition(condition, where) else otherwise, where)

    def _find_in_map(self, value: list[Any], where: str) -> Any:
        first, second, third = self._each(value, where)
        return self._mappings[first][second][third]

    def _sub(self, value: Any, where: str) -> str:
        text, extra = (value, {}) if isinstance(value, str) else value
        own = self.resolve(extra, where)
        return _VARIABLE.sub(lambda match: self._variable(match, own, where), text)

    def _variable(self, match: re.Match[str], own: Mapping[str, Any], where: str) -> str:
        literal, name = match.groups()
        if literal:
            return f"${{{name}}}"
        if name in own:
            return str(own[name])
        parts = name.split(".", 1)
        return str(self._get_attribute(parts, where) if len(parts) == 2 else self._ref(name, where))
