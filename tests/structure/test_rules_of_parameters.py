"""The template's Rules: parameters that do not go together are refused before anything is deployed."""

from typing import Any

import pytest

from local.errors import TemplateError
from local.parameters import values_of
from local.template_rules import check_rules
from tests.structure import project

RULES = project.template()["Rules"]
PARAMETERS = project.template()["Parameters"]
SET = {
    "Stage": "prod",
    "TokenIssuer": "https://api.example.com",
    "MailSender": "roster@example.org",
    "CorsOrigin": "https://app.example.com",
    "AppUrl": "https://app.example.com",
}
SUBNETS = "subnet-0123456789abcdef0,subnet-0123456789abcdef1"
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
# What is given, and the beginning of the sentence that answers it.
BAD: list[tuple[str, dict[str, str], str]] = [
    ("Region", {"AWS::Region": "mx-central-1"}, "Not every service"),
    ("Region", {"AWS::Region": "cn-north-1"}, "Not every service"),
    ("StagingAndProd", {**SET, "TokenIssuer": "https://roster.example.com"}, "TokenIssuer is the example's"),
    ("StagingAndProd", {**SET, "TokenIssuer": "http://localhost:3000"}, "TokenIssuer is the example's"),
    ("StagingAndProd", {**SET, "MailSender": "roster@example.com"}, "MailSender is the example's"),
    ("StagingAndProd", {**SET, "CorsOrigin": "http://localhost:3000"}, "CorsOrigin is a page"),
    ("StagingAndProd", {**SET, "Stage": "staging", "AppUrl": "http://localhost:3000"}, "AppUrl is a page"),
    ("VerifiedRegistration", {"Registration": "verified", "MailSender": "roster@example.com"}, "Registration is"),
    ("OwnDomain", {"DomainName": "api.example.com"}, "DomainName needs a certificate"),
    ("NoDomain", {"HostedZoneId": "Z0123456789ABC"}, "CertificateArn and HostedZoneId are for"),
    ("NoDomain", {"CertificateArn": CERTIFICATE}, "CertificateArn and HostedZoneId are for"),
    ("ExistingNetwork", {"VpcId": "vpc-0123456789abcdef0"}, "VpcId names a network"),
    ("NewNetwork", {"SubnetIds": SUBNETS}, "SubnetIds names subnets"),
]
GOOD: list[dict[str, str]] = [
    {},
    SET,
    {**SET, "Stage": "staging", "Registration": "verified"},
    {**SET, "DomainName": "api.example.com", "HostedZoneId": "Z0123456789ABC"},
    {**SET, "DomainName": "api.example.com", "CertificateArn": CERTIFICATE},
    {"VpcId": "vpc-0123456789abcdef0", "SubnetIds": SUBNETS},
    {"AWS::Region": "us-east-1"},
]


def checked(given: dict[str, str]) -> None:
    named = {name: value for name, value in given.items() if name in PARAMETERS}
    values: dict[str, Any] = values_of(PARAMETERS, {"MailSender": "roster@example.com", **named})
    check_rules(RULES, {**values, **given, **{name: values[name] for name in named}})


@pytest.mark.parametrize(("rule", "given", "sentence"), BAD)
def test_what_does_not_go_together_is_refused_with_a_sentence(rule: str, given: dict[str, str], sentence: str) -> None:
    with pytest.raises(TemplateError) as caught:
        checked(given)
    assert str(caught.value).startswith(f"Rules.{rule}: {sentence}")


@pytest.mark.parametrize("given", GOOD)
def test_what_goes_together_is_taken(given: dict[str, str]) -> None:
    checked(given)


def test_every_rule_is_tried_here_and_every_assertion_says_what_to_do() -> None:
    assert {rule for rule, _, _ in BAD} == RULES.keys()
    for rule in RULES.values():
        for assertion in rule["Assertions"]:
            assert ":" in assertion["AssertDescription"]
            assert assertion["AssertDescription"].endswith(".")


def test_a_rule_that_is_not_understood_is_refused() -> None:
    rules = {"Odd": {"Assertions": [{"Assert": {"Fn::If": []}, "AssertDescription": "x"}]}}
    with pytest.raises(TemplateError, match="Odd: the local server does not know Fn::If"):
        check_rules(rules, {})
