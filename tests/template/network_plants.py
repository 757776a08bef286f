"""Weaknesses of the network."""

from tests.template.plants import Template, plant

_ANYWHERE = {"Description": "x", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}


@plant("dev", "prod", breaks="what_may_leave_a_group_is_stated_and_nothing_else_leaves")
def functions_that_reach_the_internet(template: Template) -> None:
    template["Resources"]["FunctionSecurityGroup"]["Properties"]["SecurityGroupEgress"].append(_ANYWHERE)


@plant(breaks="nothing_leads_out_of_the_network")
def a_nat_gateway(template: Template) -> None:
    nat = {"AllocationId": "eipalloc-0123456789abcdef0", "SubnetId": {"Ref": "SubnetA"}}
    template["Resources"]["Nat"] = {"Type": "AWS::EC2::NatGateway", "Properties": nat}


@plant(breaks="nothing_leads_out_of_the_network")
def a_route_to_the_internet(template: Template) -> None:
    route = {"RouteTableId": {"Ref": "PrivateRoutes"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-01234567"}
    template["Resources"]["Out"] = {"Type": "AWS::EC2::Route", "Properties": route}


@plant(breaks="nothing_leads_out_of_the_network")
def a_subnet_that_hands_out_public_addresses(template: Template) -> None:
    template["Resources"]["SubnetB"]["Properties"]["MapPublicIpOnLaunch"] = True


@plant(breaks="the_subnets_lie_in_two_zones_and_keep_to_routes_of_their_own")
def both_subnets_in_one_zone(template: Template) -> None:
    subnets = [template["Resources"][name]["Properties"] for name in ("SubnetA", "SubnetB")]
    subnets[1]["AvailabilityZone"] = subnets[0]["AvailabilityZone"]


@plant("dev", "prod", breaks="what_may_enter_a_group_is_what_may_leave_another")
def a_database_that_functions_reach_past_the_proxy(template: Template) -> None:
    ingress = template["Resources"]["DatabaseFromProxy"]["Properties"]
    ingress["SourceSecurityGroupId"] = {"Fn::GetAtt": ["FunctionSecurityGroup", "GroupId"]}


@plant("dev", "prod", breaks="what_may_enter_a_group_is_what_may_leave_another")
def a_database_open_to_the_world(template: Template) -> None:
    ingress = {"Description": "x", "GroupId": {"Fn::GetAtt": ["DatabaseSecurityGroup", "GroupId"]}}
    open_to_all = {**ingress, "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "0.0.0.0/0"}
    template["Resources"]["Anybody"] = {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": open_to_all}


@plant(breaks="what_may_enter_a_group_is_what_may_leave_another")
def a_cache_that_lets_in_every_port(template: Template) -> None:
    template["Resources"]["CacheFromFunctions"]["Properties"]["FromPort"] = 0


@plant(breaks="every_rule_of_a_group_says_what_it_is_for")
def a_group_without_a_word_about_what_leaves(template: Template) -> None:
    del template["Resources"]["DatabaseSecurityGroup"]["Properties"]["SecurityGroupEgress"]


@plant(breaks="nobody_is_in_the_default_group")
def functions_in_another_group(template: Template) -> None:
    template["Globals"]["Function"]["VpcConfig"]["SecurityGroupIds"] = ["sg-0123456789abcdef0"]


@plant(breaks="two_apis_have_an_endpoint_that_lets_in_this_account_alone")
def an_endpoint_for_everybodys_secrets(template: Template) -> None:
    del template["Resources"]["SecretsEndpoint"]["Properties"]["PolicyDocument"]


@plant(breaks="two_apis_have_an_endpoint_that_lets_in_this_account_alone")
def an_endpoint_for_other_accounts(template: Template) -> None:
    (statement,) = template["Resources"]["MailEndpoint"]["Properties"]["PolicyDocument"]["Statement"]
    del statement["Condition"]


@plant(breaks="two_apis_have_an_endpoint_that_lets_in_this_account_alone")
def one_endpoint_more(template: Template) -> None:
    endpoint = template["Resources"]["MailEndpoint"]["Properties"]
    template["Resources"]["S3Endpoint"] = {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {**endpoint, "ServiceName": "com.amazonaws.eu-central-1.s3"},
    }


@plant("staging", "prod", breaks="refused_traffic_is_logged_under_the_key")
def no_flow_logs(template: Template) -> None:
    template["Resources"]["NetworkFlowLog"]["Condition"] = "IsDev"


@plant(breaks="what_runs_outside_of_the_network_is_named_here")
def a_function_that_runs_outside(template: Template) -> None:
    template["Resources"]["GetUserFunction"]["Properties"]["VpcConfig"] = {"Ref": "AWS::NoValue"}


@plant("prod", breaks="endpoints_answer_in_both_zones")
def endpoints_that_fail_with_their_zone(template: Template) -> None:
    template["Resources"]["SecretsEndpoint"]["Properties"]["SubnetIds"] = [{"Ref": "SubnetA"}]


@plant("dev", breaks="dev_pays_for_endpoints_in_one_zone")
def endpoints_in_two_zones_for_developers(template: Template) -> None:
    template["Resources"]["MailEndpoint"]["Properties"]["SubnetIds"] = [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}]
