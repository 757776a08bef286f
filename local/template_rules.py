"""The template's Rules: which values of several parameters go together, as CloudFormation asserts them at deploy."""

from collections.abc import Callable, Mapping
from typing import Any

from local.errors import TemplateError
from local.model import ACCOUNT, REGION

_PSEUDO = {"AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::Region": REGION}


def check_rules(rules: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
    """
    Hold *parameters* to the rules; AWS::Region may be among them, else it is ours.

    Raises:
        TemplateError: With the description of the first assertion that fails.
    """
    values = {**_PSEUDO, **parameters}
    for name, rule in rules.items():
        if "RuleCondition" in rule and not _evaluated(rule["RuleCondition"], values, f"Rules.{name}"):
            continue
        for assertion in rule["Assertions"]:
            if not _evaluated(assertion["Assert"], values, f"Rules.{name}"):
                raise TemplateError(f"Rules.{name}: {assertion['AssertDescription']}")


def _evaluated(value: Any, values: Mapping[str, Any], where: str) -> Any:
    if isinstance(value, list):
        return [_evaluated(each, values, where) for each in value]
    if not isinstance(value, dict):
        return value
    ((name, argument),) = value.items()
    if name == "Ref" and argument in values:
        return values[argument]
    if name not in _FUNCTIONS:
        raise TemplateError(f"{where}: the local server does not know {name} {argument if name == 'Ref' else 'here'}.")
    return _FUNCTIONS[name](_evaluated(argument, values, where))


def _same(values: list[Any]) -> bool:
    first, second = (str(each) for each in values)
    return first == second


# What CloudFormation's rules know, less what asks about all parameters of a type.
_FUNCTIONS: Mapping[str, Callable[[list[Any]], bool]] = {
    "Fn::And": all,
    "Fn::Contains": lambda values: str(values[1]) in map(str, values[0]),
    "Fn::EachMemberEquals": lambda values: all(str(each) == str(values[1]) for each in values[0]),
    "Fn::EachMemberIn": lambda values: {*map(str, values[0])} <= {*map(str, values[1])},
    "Fn::Equals": _same,
    "Fn::Not": lambda values: not values[0],
    "Fn::Or": any,
}
