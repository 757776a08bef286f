"""Rules about who may talk to whom."""

from tests.template.deployed import Deployed, Resource
from tests.template.rules import rule

_WAYS_OUT = (
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::EC2::Route",
    "AWS::EC2::EIP",
)
_FUNCTIONS, _PROXY, _DATABASE = "FunctionSecurityGroup", "ProxySecurityGroup", "DatabaseSecurityGroup"
_CACHE, _ENDPOINTS = "CacheSecurityGroup", "EndpointSecurityGroup"
PATHS = {
    (_FUNCTIONS, _PROXY, 5432),
    (_FUNCTIONS, _CACHE, 6379),
    (_FUNCTIONS, _ENDPOINTS, 443),
    (_PROXY, _DATABASE, 5432),
}
_NOWHERE = "127.0.0.1/32"
ENDPOINTS = {"SecretsEndpoint": ".secretsmanager", "MailEndpoint": ".email"}

# They talk to AWS alone, and answer CloudFormation, which has no endpoint of ours: no path leads from them to the data.
OUTSIDE = ("RotateSigningKeyFunction", "MakeKeysFunction", "DeployMigrationsFunction")

Path = tuple[str, str, int]


@rule()
def nothing_leads_out_of_the_network(deployed: Deployed) -> None:
    assert [each.name for each in deployed.resources.values() if each.kind in _WAYS_OUT] == []
    for subnet in deployed.of_type("AWS::EC2::Subnet"):
        assert subnet["MapPublicIpOnLaunch"] is False, subnet.name


@rule()
def the_subnets_lie_in_two_zones_and_keep_to_routes_of_their_own(deployed: Deployed) -> None:
    subnets = deployed.of_type("AWS::EC2::Subnet")
    assert len({each["AvailabilityZone"] for each in subnets}) == len(subnets) == 2
    routed = deployed.of_type("AWS::EC2::SubnetRouteTableAssociation")
    assert {each["SubnetId"] for each in routed} == {each.name for each in subnets}
    assert {each["RouteTableId"] for each in routed} == {deployed.the("AWS::EC2::RouteTable").name}


@rule()
def what_may_leave_a_group_is_stated_and_nothing_else_leaves(deployed: Deployed) -> None:
    assert {path for group in _groups(deployed) for path in _leaving(group)} == PATHS


@rule()
def what_may_enter_a_group_is_what_may_leave_another(deployed: Deployed) -> None:
    assert [each.name for each in _groups(deployed) if each.get("SecurityGroupIngress")] == []
    assert {_entering(each) for each in deployed.of_type("AWS::EC2::SecurityGroupIngress")} == PATHS
    assert deployed.of_type("AWS::EC2::SecurityGroupEgress") == []


@rule()
def every_rule_of_a_group_says_what_it_is_for(deployed: Deployed) -> None:
    for group in _groups(deployed):
        assert all(each["Description"] for each in group["SecurityGroupEgress"]), group.name
    for each in deployed.of_type("AWS::EC2::SecurityGroupIngress"):
        assert each["Description"], each.name


@rule()
def nobody_is_in_the_default_group(deployed: Deployed) -> None:
    for each in inside(deployed):
        assert each["VpcConfig"]["SecurityGroupIds"] == [f"{_FUNCTIONS}.GroupId"], each.name
        assert each["VpcConfig"]["SubnetIds"] == ["SubnetA", "SubnetB"], each.name
    members = {
        ("Database", "VPCSecurityGroups"): _DATABASE,
        ("DatabaseProxy", "VpcSecurityGroupIds"): _PROXY,
        ("Cache", "SecurityGroupIds"): _CACHE,
        **{(name, "SecurityGroupIds"): _ENDPOINTS for name in ENDPOINTS},
    }
    for (name, groups), group in members.items():
        assert deployed.resource(name)[groups] == [f"{group}.GroupId"], name


@rule()
def what_runs_outside_of_the_network_is_named_here(deployed: Deployed) -> None:
    outside = {each.name for each in deployed.functions() if not each.get("VpcConfig")}
    assert outside <= set(OUTSIDE)


@rule()
def two_apis_have_an_endpoint_that_lets_in_this_account_alone(deployed: Deployed) -> None:
    endpoints = {each.name: each for each in deployed.of_type("AWS::EC2::VPCEndpoint")}
    assert endpoints.keys() == ENDPOINTS.keys()
    for name, each in endpoints.items():
        assert each["ServiceName"].endswith(ENDPOINTS[name])
        assert each["PrivateDnsEnabled"] is True, name
        for statement in each["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            assert statement.get("Condition") == {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}, name
            assert "*" not in "".join(statement["Action"]), name
            assert ":123456789012:" in statement["Resource"], name


@rule("staging", "prod")
def endpoints_answer_in_both_zones(deployed: Deployed) -> None:
    for name in ENDPOINTS:
        assert deployed.resource(name)["SubnetIds"] == ["SubnetA", "SubnetB"], name


@rule("dev")
def dev_pays_for_endpoints_in_one_zone(deployed: Deployed) -> None:
    for name in ENDPOINTS:
        assert deployed.resource(name)["SubnetIds"] == ["SubnetA"], name


@rule("staging", "prod")
def refused_traffic_is_logged_under_the_key(deployed: Deployed) -> None:
    flow = deployed.the("AWS::EC2::FlowLog")
    assert (flow["ResourceId"], flow["TrafficType"]) == ("Vpc", "REJECT")
    group = deployed.resource(str(flow["LogDestination"]).removesuffix(".Arn"))
    assert group["KmsKeyId"] == "StageKey.Arn"
    assert group["RetentionInDays"] >= 30


def inside(deployed: Deployed) -> list[Resource]:
    return [each for each in deployed.functions() if each.name not in OUTSIDE]


def _groups(deployed: Deployed) -> list[Resource]:
    return deployed.of_type("AWS::EC2::SecurityGroup")


def _leaving(group: Resource) -> list[Path]:
    allowed = [each for each in group["SecurityGroupEgress"] if each.get("CidrIp") != _NOWHERE]
    assert allowed or group["SecurityGroupEgress"], f"{group.name}: without a rule everything may leave"
    for each in allowed:
        assert "CidrIp" not in each, f"{group.name} reaches {each['CidrIp']}"
        assert each["IpProtocol"] == "tcp", group.name
        assert each["FromPort"] == each["ToPort"], group.name
    return [(group.name, _group(each["DestinationSecurityGroupId"]), each["FromPort"]) for each in allowed]


def _entering(ingress: Resource) -> Path:
    assert not {"CidrIp", "CidrIpv6", "SourcePrefixListId"} & ingress.properties.keys(), f"{ingress.name} is open"
    assert ingress["IpProtocol"] == "tcp", ingress.name
    assert ingress["FromPort"] == ingress["ToPort"], ingress.name
    return _group(ingress["SourceSecurityGroupId"]), _group(ingress["GroupId"]), ingress["FromPort"]


def _group(reference: str) -> str:
    return reference.removesuffix(".GroupId")
