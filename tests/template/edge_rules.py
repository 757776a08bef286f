"""Rules about the edge: throttles, firewall, access logs, TLS."""

import json
from typing import Any

from roster.api import limits

from tests.structure import project
from tests.template.deployed import Deployed, Resource
from tests.template.rules import rule

LOGGED = {
    *("requestId", "requestTimeEpoch", "identity.sourceIp", "httpMethod", "resourcePath", "status", "tlsVersion"),
    *("responseLatency", "responseLength", "integration.status", "integration.latency", "error.responseType"),
    *("authorizer.status", "authorizer.latency", "authorizer.error", "waf.status", "wafResponseCode", "xrayTraceId"),
}
# What AWS's rules would block that is right here; the reasons stand in the template.
COUNTED = {
    *("SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY"),
    "NoUserAgent_HEADER",
}
MANAGED = {
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
}
_RATE, _BURST = "ThrottlingRateLimit", "ThrottlingBurstLimit"


@rule()
def requests_are_throttled_and_what_is_dear_more_tightly(deployed: Deployed) -> None:
    settings = {(each["HttpMethod"], each["ResourcePath"]): each for each in _settings(deployed)}
    assert len(settings) == len(_settings(deployed)), "a method is set twice"
    common = settings.pop(("*", "/*"))
    assert 0 < common[_RATE] <= 10_000
    assert 0 < common[_BURST] <= 5_000
    assert {f"{method} {path.lstrip('/').replace('~1', '/')}" for method, path in settings} == _dear()
    for label, each in settings.items():
        assert 0 < each[_RATE] <= common[_RATE] / 10, label
        assert 0 < each[_BURST] <= common[_BURST] / 10, label


def _dear() -> set[str]:
    """Return what hashes a password, sends mail, or tries a secret: for anyone to send, or part of logging in."""
    return {
        route.label
        for route in project.event_routes()
        if route.method in {"POST", "PUT"}
        and (route.authorizer == "NONE" or route.path.startswith("/api/auth/") or route.path.endswith("/password"))
    }


def _settings(deployed: Deployed) -> list[dict[str, Any]]:
    return list(deployed.the("AWS::ApiGateway::Stage")["MethodSettings"])


@rule()
def the_gateway_writes_no_bodies_into_logs(deployed: Deployed) -> None:
    for each in _settings(deployed):
        assert not each.get("DataTraceEnabled")
        assert each.get("LoggingLevel", "OFF") == "OFF"


@rule()
def every_request_is_logged_as_json_with_nothing_that_is_secret(deployed: Deployed) -> None:
    setting = deployed.the("AWS::ApiGateway::Stage")["AccessLogSetting"]
    assert "ApiAccessLogs" in setting["DestinationArn"]
    values = json.loads(setting["Format"]).values()
    assert {value.removeprefix("$context.") for value in values} == LOGGED


@rule()
def access_logs_are_encrypted_and_end(deployed: Deployed) -> None:
    group = deployed.resource("ApiAccessLogs")
    assert "StageKey" in group["KmsKeyId"]
    assert 7 <= group["RetentionInDays"] <= 731


@rule()
def the_gateway_speaks_tls_1_2_or_later_only(deployed: Deployed) -> None:
    api = deployed.the("AWS::ApiGateway::RestApi")
    assert api["SecurityPolicy"].startswith(("SecurityPolicy_TLS13_1_2_PFS", "SecurityPolicy_TLS13_1_3"))
    assert api["EndpointAccessMode"] == "STRICT"


@rule()
def pages_call_without_credentials(deployed: Deployed) -> None:
    for label, each in deployed.operations().items():
        if label.startswith("OPTIONS "):
            sent = each["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"]
            assert "method.response.header.Access-Control-Allow-Credentials" not in sent, label


@rule("staging", "prod")
def a_firewall_stands_before_the_stage(deployed: Deployed) -> None:
    association = deployed.the("AWS::WAFv2::WebACLAssociation")
    assert "Firewall" in association["WebACLArn"]
    assert association["ResourceArn"].endswith("::/restapis/Api/stages/ApiStage")
    assert _firewall(deployed)["Scope"] == "REGIONAL"


@rule("staging", "prod")
def the_firewall_blocks_addresses_that_ask_too_often_but_later_than_we_do(deployed: Deployed) -> None:
    rates = [each for each in _firewall(deployed)["Rules"] if "RateBasedStatement" in each["Statement"]]
    assert all(each["Action"] == {"Block": {}} for each in rates)
    statements = [each["Statement"]["RateBasedStatement"] for each in rates]
    assert all(each["AggregateKeyType"] == "IP" for each in statements)
    everywhere, logins = statements
    assert "ScopeDownStatement" not in everywhere
    assert logins["ScopeDownStatement"]["ByteMatchStatement"]["SearchString"] == "/api/auth/"
    assert _ours(everywhere["EvaluationWindowSec"]) < everywhere["Limit"] <= 10_000
    assert 0 < logins["Limit"] <= everywhere["Limit"] / 5


def _ours(seconds: int) -> float:
    """Return how many requests one address gets from us in *seconds*."""
    source = limits.limits_of("any other").source
    assert source is not None
    return source.quota * seconds / source.window_seconds + source.quota


@rule("staging", "prod")
def the_firewall_blocks_what_aws_knows_as_bad_except_what_we_need(deployed: Deployed) -> None:
    rules = [each for each in _firewall(deployed)["Rules"] if "ManagedRuleGroupStatement" in each["Statement"]]
    assert all(each["OverrideAction"] == {"None": {}} for each in rules)
    groups = [each["Statement"]["ManagedRuleGroupStatement"] for each in rules]
    assert {each["Name"] for each in groups} == MANAGED
    counted = [override for each in groups for override in each.get("RuleActionOverrides", [])]
    assert {each["Name"] for each in counted} == COUNTED
    assert all(each["ActionToUse"] == {"Count": {}} for each in counted)
    assert not any("ScopeDownStatement" in each or "ExcludedRules" in each for each in groups)


@rule("staging", "prod")
def the_firewall_logs_what_it_blocked_without_what_is_secret(deployed: Deployed) -> None:
    logging, group = deployed.the("AWS::WAFv2::LoggingConfiguration"), deployed.resource("FirewallLogs")
    assert {"SingleHeader": {"Name": "authorization"}} in logging["RedactedFields"]
    assert {"QueryString": {}} in logging["RedactedFields"]
    assert logging["LoggingFilter"]["DefaultBehavior"] == "DROP"
    assert logging["LogDestinationConfigs"][0].endswith(":log-group:FirewallLogs")
    assert group["LogGroupName"].startswith("aws-waf-logs-")
    assert "StageKey" in group["KmsKeyId"]


def _firewall(deployed: Deployed) -> Resource:
    return deployed.the("AWS::WAFv2::WebACL")
