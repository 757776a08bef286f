"""A deployment into a network that is there already: all of it goes there, and none is made."""

from typing import Any

import pytest

from tests.template.deployed import STAGES, Deployed
from tests.template.network_rules import inside

pytestmark = pytest.mark.slow

SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
EXISTING = {"VpcId": "vpc-0123456789abcdef0", "VpcCidr": "10.1.0.0/16", "SubnetIds": ",".join(SUBNETS)}


@pytest.fixture(scope="module", params=STAGES)
def deployed(request: pytest.FixtureRequest, translated_template: dict[str, Any]) -> Deployed:
    return Deployed(translated_template, request.param, **EXISTING)


def test_no_network_is_made(deployed: Deployed) -> None:
    made = {each.kind for each in deployed.resources.values() if each.kind.startswith("AWS::EC2::")}
    assert made == {"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"}


def test_everything_goes_into_the_given_subnets(deployed: Deployed) -> None:
    assert all(each["VpcConfig"]["SubnetIds"] == SUBNETS for each in inside(deployed))
    for name, subnets in {
        "DatabaseSubnets": "SubnetIds",
        "CacheSubnets": "SubnetIds",
        "DatabaseProxy": "VpcSubnetIds",
    }.items():
        assert deployed.resource(name)[subnets] == SUBNETS, name


def test_the_groups_are_of_that_network(deployed: Deployed) -> None:
    assert {each["VpcId"] for each in deployed.of_type("AWS::EC2::SecurityGroup")} == {EXISTING["VpcId"]}


def test_functions_reach_apis_within_that_network_and_nothing_beyond(deployed: Deployed) -> None:
    *ours, apis = deployed.resource("FunctionSecurityGroup")["SecurityGroupEgress"]
    assert [each["DestinationSecurityGroupId"] for each in ours] == [
        "ProxySecurityGroup.GroupId",
        "CacheSecurityGroup.GroupId",
    ]
    assert (apis["CidrIp"], apis["FromPort"], apis["ToPort"]) == (EXISTING["VpcCidr"], 443, 443)
    assert "DestinationSecurityGroupId" not in apis


def test_nothing_refers_to_what_is_not_made(deployed: Deployed) -> None:
    made = str([each.properties for each in deployed.resources.values()])
    for name in ("SubnetA", "SubnetB", "EndpointSecurityGroup"):
        assert f"'{name}" not in made, name
