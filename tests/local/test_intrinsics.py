"""CloudFormation's functions, parameters and conditions give what a deployment would."""

from pathlib import Path
from typing import Any

import pytest

from local.cloudformation import load
from local.errors import TemplateError
from local.intrinsics import Resolver
from local.parameters import read_overrides, values_of

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Seconds: {Type: Number, Default: 60, MinValue: 1, MaxValue: 99}
  Subnets: {Type: CommaDelimitedList, Default: ""}
Mappings: {Sizes: {dev: {Memory: 128}}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  InVpc: !Not [!Equals [!Join ["", !Ref Subnets], ""]]
  Neither: !Not [!Or [!Condition IsProd, !Condition InVpc]]
  NotProd: !Not [!Condition IsProd]
  ProdInVpc: !And [!Condition IsProd, !Condition InVpc]
Resources: {Thing: {Type: "AWS::S3::Bucket"}}
Value: VALUE
"""


def resolved(tmp_path: Path, value: str, overrides: str = "") -> Any:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE.replace("VALUE", value))
    document = load(path)
    parameters = values_of(document["Parameters"], read_overrides(overrides))
    return Resolver(document, parameters).resolve(document["Value"], "Value")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("!Ref Stage", "dev"),
        ("!Ref Thing", "Thing"),
        ("!Ref AWS::Region", "eu-central-1"),
        ('!Sub "${Stage}-${AWS::AccountId}-${!Stage}"', "dev-123456789012-${Stage}"),
        ('!Sub ["${A}-${Stage}", {A: !Ref Seconds}]', "60-dev"),
        ("!GetAtt Thing.Arn", "arn:aws:lambda:eu-central-1:123456789012:function:Thing"),
        ("!GetAtt Thing.DomainName", "Thing.DomainName"),
        ("!If [IsProd, 1, 2]", 2),
        ("!If [Neither, 1, 2]", 1),
        ("!If [NotProd, 1, 2]", 1),
        ("!If [ProdInVpc, 1, 2]", 2),
        ("{a: !If [IsProd, 1, !Ref AWS::NoValue], b: 1}", {"b": 1}),
        ("[!If [IsProd, 1, !Ref AWS::NoValue], 2]", [2]),
        ('!Join ["-", [a, !Ref Stage]]', "a-dev"),
        ('!Select [1, !Split [",", "a,b"]]', "b"),
        ("!FindInMap [Sizes, !Ref Stage, Memory]", 128),
    ],
)
def test_function_gives_what_a_deployment_would(tmp_path: Path, value: str, expected: Any) -> None:
    assert resolved(tmp_path, value) == expected


def test_limits_are_wider_here_than_in_a_deployment_unless_somebody_says_otherwise() -> None:
    declared = {"RateLimitsPercent": {"Type": "Number", "Default": 100, "MinValue": 0, "MaxValue": 100_000}}
    assert values_of(declared, {}) == {"RateLimitsPercent": "1000"}
    assert values_of(declared, {"RateLimitsPercent": "100"}) == {"RateLimitsPercent": "100"}


def test_a_condition_denied_or_joined_follows_its_parameters(tmp_path: Path) -> None:
    assert resolved(tmp_path, "!If [NotProd, 1, 2]", "Stage=prod") == 2
    assert resolved(tmp_path, "!If [ProdInVpc, 1, 2]", "Stage=prod Subnets=a") == 1


def test_parameters_can_be_overridden(tmp_path: Path) -> None:
    assert resolved(tmp_path, "!If [InVpc, !Ref Subnets, 2]", "Stage=prod 'Subnets=a, b'") == ["a", "b"]


@pytest.mark.parametrize("wrong", ["Stage=test", "Seconds=100", "Seconds=x", "Nobody=1", "Stage", "'Stage=dev"])
def test_wrong_parameters_are_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(TemplateError):
        resolved(tmp_path, "1", wrong)


@pytest.mark.parametrize(
    "value", ["!Ref Nobody", "!GetAtt Nobody.Arn", "!If [Nobody, 1, 2]", "!Transform x", "!Join [1]"]
)
def test_what_cannot_be_resolved_is_refused_with_its_place(tmp_path: Path, value: str) -> None:
    with pytest.raises(TemplateError, match="Value"):
        resolved(tmp_path, value)
