"""The API under a domain name of its own, and who makes the role of its logs."""

from typing import Any

import pytest

from tests.template.deployed import Deployed

pytestmark = pytest.mark.slow

CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
OWN = {"DomainName": "api.example.com", "HostedZoneId": "Z0123456789ABC"}
OF_DOMAIN = {"ApiDomain", "ApiDomainMapping", "ApiDomainRecords", "ApiCertificate"}


def default_endpoint_is_closed(deployed: Deployed) -> bool:
    (server,) = deployed.the("AWS::ApiGateway::RestApi")["Body"]["servers"]
    return bool(server["x-amazon-apigateway-endpoint-configuration"]["disableExecuteApiEndpoint"])


def test_without_a_domain_the_gateways_own_address_serves(deployed: dict[str, Deployed]) -> None:
    assert not OF_DOMAIN & deployed["prod"].resources.keys()
    assert not default_endpoint_is_closed(deployed["prod"])


def test_a_domain_closes_the_gateways_own_address_and_the_way_around_its_policy(
    translated_template: dict[str, Any],
) -> None:
    deployed = Deployed(translated_template, "prod", **OWN)
    assert default_endpoint_is_closed(deployed)
    domain, mapping = deployed.resource("ApiDomain"), deployed.resource("ApiDomainMapping")
    assert domain["SecurityPolicy"] == deployed.the("AWS::ApiGateway::RestApi")["SecurityPolicy"]
    assert domain["EndpointAccessMode"] == "STRICT"
    assert domain["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert (mapping["RestApiId"], mapping["Stage"], mapping.get("BasePath")) == ("Api", "ApiStage", None)


def test_in_a_zone_of_ours_certificate_and_records_are_made(translated_template: dict[str, Any]) -> None:
    deployed = Deployed(translated_template, "prod", **OWN)
    assert deployed.resource("ApiDomain")["RegionalCertificateArn"] == "ApiCertificate"
    assert deployed.resource("ApiCertificate")["ValidationMethod"] == "DNS"
    records = deployed.resource("ApiDomainRecords")["RecordSets"]
    assert {each["Type"] for each in records} == {"A", "AAAA"}
    assert {each["AliasTarget"]["DNSName"] for each in records} == {"ApiDomain.RegionalDomainName"}


def test_a_certificate_that_is_there_is_used_and_somebody_elses_zone_left_alone(
    translated_template: dict[str, Any],
) -> None:
    deployed = Deployed(translated_template, "prod", DomainName="api.example.com", CertificateArn=CERTIFICATE)
    assert deployed.resource("ApiDomain")["RegionalCertificateArn"] == CERTIFICATE
    assert not {"ApiCertificate", "ApiDomainRecords"} & deployed.resources.keys()


def test_the_role_of_the_gateways_logs_is_made_once_for_an_account_and_outlives_the_stack(
    deployed: dict[str, Deployed], translated_template: dict[str, Any]
) -> None:
    account = deployed["prod"].resource("GatewayAccount")
    assert "GatewayAccountRole" in account["CloudWatchRoleArn"]
    assert {account.given["DeletionPolicy"], account.given["UpdateReplacePolicy"]} == {"Retain"}
    existing = Deployed(translated_template, "prod", GatewayLogRole="existing")
    assert not {"GatewayAccount", "GatewayAccountRole"} & existing.resources.keys()


def test_the_stage_waits_for_that_role(translated_template: dict[str, Any]) -> None:
    group = translated_template["Resources"]["ApiAccessLogs"]
    assert "GatewayAccount" in str(group["Properties"]["Tags"])
